/** An engine with a model, as a study runs it: worker process, executor, protocol, samples. */

import { engineDeclaration } from '../../src/engines/declarations.ts';
import type { Outcome } from '../../src/executors/executor.ts';
import { createExecutor } from '../../src/executors/registry.ts';
import type { Host } from '../../src/host/host.ts';
import { failureWords } from '../../src/protocol/failure.ts';
import type { GenerateRequest, LoadRequest } from '../../src/protocol/frames.ts';
import type { Sample } from '../../src/protocol/sample.ts';
import { launchEnvironment } from '../../src/run/launch-request.ts';
import type { Work } from '../baselines/job.ts';
import { barePrompt } from '../baselines/llama-cpp.ts';

const DEADLINE_MS = 600_000;

export interface EngineName {
  readonly id: string;
  /** Of an engine with several; its first one unless given. */
  readonly version?: string;
  /** Those that are not its default. */
  readonly options?: Readonly<Record<string, string>>;
}

export interface LoadedEngine {
  /** Root of its process tree. */
  readonly pid: number;
  /** One generation of the work: a static batch of forced length. @throws where the worker fails */
  generate(ask?: Pick<GenerateRequest, 'profile' | 'engineTimers'>): Promise<Sample>;
  stop(): Promise<void>;
}

/** The prompts of the work: those of the baselines. */
export const promptsOf = ({ batch, input }: Work, vocabularySize: number): number[][] =>
  Array.from({ length: batch }, (_, row) => barePrompt(row, input, vocabularySize));

/** Resolves when it is loaded. @throws where the worker fails */
export async function loadedEngine(
  host: Host,
  { id, version, options: chosen = {} }: EngineName,
  work: Work,
  vocabularySize: number,
): Promise<LoadedEngine> {
  const declaration = engineDeclaration(id);
  if (declaration === undefined) throw new RangeError(`unknown engine ${id}`);
  const options = declaration.options.parse(chosen) as LoadRequest['options'];
  const { batch, input, output, threads, precision, modelPath } = work;
  const handle = ok(
    await createExecutor('local', host).start({
      declaration,
      environment: launchEnvironment(declaration, { threads, options }),
      startDeadline_ms: DEADLINE_MS,
      ...(version === undefined ? {} : { engineVersion: version }),
    }),
  );
  const stop = async (): Promise<void> => {
    await handle.stop();
  };
  const loaded = await handle.load(
    {
      modelPath,
      precision,
      options,
      threads,
      device: 'cpu',
      cacheFolder: host.system.cacheFolder,
      limits: { slots: batch, positionsPerSlot: input + output },
    },
    DEADLINE_MS,
  );
  if (loaded.kind === 'failed') await stop();
  ok(loaded);
  const prompts = promptsOf(work, vocabularySize);
  return {
    pid: handle.pid ?? 0,
    generate: async (ask = {}) =>
      ok(
        await handle.generate({
          prompts,
          depthTokens: 0,
          outputTokens: prompts.map(() => output),
          batching: 'static',
          slots: batch,
          stopTokens: [],
          deadline_ms: DEADLINE_MS,
          ...ask,
        }),
      ),
    stop,
  };
}

function ok<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value;
  throw new Error(`${failureWords(outcome.failure).en} ${outcome.failure.stderrTail ?? ''}`);
}
