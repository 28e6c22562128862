/** Runs launches as processes of this machine. */
import { loadAdapter } from '../../engines/load-adapter.ts';
import type { Host } from '../../host/host.ts';
import { HayasaError, wordsOf } from '../../kernel/errors.ts';
import type { WorkerCommand } from '../../process/command.ts';
import type { Settled } from '../../process/requests.ts';
import { controllerDeadline, startWorker, type WorkerProcess } from '../../process/worker-process.ts';
import type { Failure } from '../../protocol/failure.ts';
import type { Executor, LaunchSpec, Outcome, WorkerHandle } from '../executor.ts';
import { nodeWorkerCommand } from './node-worker.ts';

export function localExecutor(host: Host): Executor {
  return {
    id: 'local',
    start: async (spec) => {
      const command = await commandOf(host, spec);
      if (command.kind === 'failed') return command;
      const { value } = command;
      const environment = { ...value.environment, ...spec.environment };
      const started = await startWorker(
        host,
        { ...value, environment },
        spec.declaration.id,
        spec.startDeadline_ms,
      );
      return started.kind === 'failed' ? started : { kind: 'ok', value: handleOf(started.worker) };
    },
  };
}

/** Engines in TypeScript share one entry; every other kind says itself how its worker is started. */
async function commandOf(
  host: Host,
  { declaration, engineVersion }: LaunchSpec,
): Promise<Outcome<WorkerCommand>> {
  // The simulated engine, at home in this process, can also sleep what it simulates in a worker.
  const { kind } = declaration.worker;
  if (kind === 'node' || kind === 'in-process') {
    return nodeWorkerCommand(host, declaration.id, engineVersion);
  }
  try {
    const { workerCommand } = await loadAdapter(declaration);
    if (workerCommand !== undefined) return { kind: 'ok', value: await workerCommand(host, engineVersion) };
    return failed({
      cause: 'unsupported',
      message: {
        en: `${declaration.id}: its adapter starts no worker`,
        ja: `${declaration.id}: アダプターがワーカーを起動しません`,
      },
    });
  } catch (error) {
    const hint = error instanceof HayasaError ? error.hintWords : undefined;
    return failed({
      cause: 'engine-error',
      message: wordsOf(error),
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

function handleOf(worker: WorkerProcess): WorkerHandle {
  return {
    pid: worker.pid,
    ready: worker.ready,
    spawned_ns: worker.spawned_ns,
    ready_ns: worker.ready_ns,
    load: async (request, deadline_ms, onProgress) => {
      const settled = await worker.request((id) => ({ kind: 'load', id, ...request }), deadline_ms, {
        onProgress,
      });
      if (settled.kind === 'answer' && settled.frame.kind === 'loaded') {
        const { effective, stages, cacheBytesWritten, cacheEntries } = settled.frame;
        return {
          kind: 'ok',
          value: {
            effective,
            stages,
            cacheBytesWritten,
            ...(cacheEntries === undefined ? {} : { cacheEntries }),
          },
        };
      }
      return unexpected(settled);
    },
    generate: async (request, onTokens, transfer) => {
      const settled = await worker.request(
        (id) => ({ kind: 'generate', id, ...request }),
        controllerDeadline(request.deadline_ms),
        { onTokens, onSent: transfer?.sent, onBytes: transfer?.answered },
      );
      if (settled.kind === 'answer' && settled.frame.kind === 'sample') {
        return { kind: 'ok', value: settled.frame.sample };
      }
      return unexpected(settled);
    },
    score: async (request) => {
      const settled = await worker.request(
        (id) => ({ kind: 'score', id, ...request }),
        controllerDeadline(request.deadline_ms),
      );
      if (settled.kind === 'answer' && settled.frame.kind === 'scored') {
        return { kind: 'ok', value: settled.frame.score };
      }
      return unexpected(settled);
    },
    cancel: () => worker.cancel(),
    stop: () => worker.stop(),
  };
}

const failed = (failure: Failure): Outcome<never> => ({ kind: 'failed', failure });

function unexpected(settled: Settled): Outcome<never> {
  return settled.kind === 'failed'
    ? settled
    : failed({
        cause: 'protocol',
        message: {
          en: `the worker answered with a frame "${settled.frame.kind}"`,
          ja: `ワーカーがフレーム "${settled.frame.kind}" を返しました`,
        },
      });
}
