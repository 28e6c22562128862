/** The engine as the worker process drives it: load, generate, score, unload. */
import { messageOf } from '../../kernel/errors.ts';
import { openOnnxRuntime } from '../../native/onnxruntime/runtime.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { GenerateRequest, LoadRequest } from '../../protocol/frames.ts';
import { ASK_FOR_LESS, saysOutOfMemory } from '../../protocol/out-of-memory.ts';
import type { ComputeContext, CreateEngine } from '../../worker/engine.ts';
import { libraryVersions } from './adapter.ts';
import { generateContinuous } from './continuous-batch.ts';
import { loadModel } from './load.ts';
import { type LoadedModel, releaseSessions, Workspace } from './model.ts';
import { profiledSample } from './profile.ts';
import { generateByRecomputing } from './recompute.ts';
import { checkGenerate, checkScore } from './request-check.ts';
import { score } from './score.ts';
import { generateStatic } from './static-batch.ts';

interface Current {
  readonly model: LoadedModel;
  readonly workspace: Workspace;
}

export const createEngine: CreateEngine = (host) => {
  const runtime = openOnnxRuntime(host.system);
  let current: Current | undefined;
  /** Of the model that is loaded, or was until a profile took its place. */
  let lastLoad: LoadRequest | undefined;
  const unload = (): void => {
    if (current === undefined) return;
    current.workspace.release();
    releaseSessions(current.model);
    current = undefined;
  };
  const noModel = (): FailureError =>
    new FailureError({
      cause: 'protocol',
      message: { en: 'no model is loaded', ja: 'モデルがロードされていません' },
    });
  const loaded = (): Current => {
    if (current !== undefined) return current;
    throw noModel();
  };
  return {
    versions: () => libraryVersions(runtime.version),
    load: (request, context) =>
      withMemoryCause(undefined, () => {
        unload();
        lastLoad = undefined;
        const result = loadModel(host, runtime, request, context);
        lastLoad = request;
        current = { model: result.model, workspace: new Workspace(result.model) };
        return result.loaded;
      }),
    generate: (request, context) => {
      if (request.profile !== true) return generateWith(loaded(), request, context);
      // It loads a model of its own, so that one profile may follow another.
      const load = lastLoad;
      if (load === undefined) throw noModel();
      unload();
      return profiledSample(host, request, load.cacheFolder, (profilePrefix) => {
        const { model } = loadModel(host, runtime, load, context, profilePrefix);
        const own = { model, workspace: new Workspace(model) };
        return {
          generate: () => generateWith(own, request, context),
          release: () => {
            own.workspace.release();
            releaseSessions(model);
          },
        };
      });
    },
    score: (request, context) => {
      const { model, workspace } = loaded();
      checkScore(request, model);
      return withMemoryCause(workspace, () => score(model, workspace, host.files, request, context));
    },
    unload: () => {
      unload();
      lastLoad = undefined;
    },
  };
};

/** Gives lack of memory its cause, and lets go of the buffers that were too large, so that the worker can go on. */
function withMemoryCause<T>(workspace: Workspace | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!saysOutOfMemory(messageOf(error))) throw error;
    workspace?.release();
    throw new FailureError(
      {
        cause: 'out-of-memory',
        message: messageOf(error),
        hint: ASK_FOR_LESS,
      },
      error,
    );
  }
}

function generateWith(
  { model, workspace }: Current,
  request: GenerateRequest,
  context: ComputeContext,
): ReturnType<typeof generateStatic> {
  checkGenerate(request, model);
  return withMemoryCause(workspace, () => {
    if (model.kvCache === 'off') return generateByRecomputing(model, workspace, request, context);
    return request.batching === 'continuous'
      ? generateContinuous(model, workspace, request, context)
      : generateStatic(model, workspace, request, context);
  });
}
