/**
 * Runs engines on a virtual clock inside this process: no frames, no threads, no processes, so that thousands of
 * repeats cost microseconds each and every stamp is exact. `src/engines/<id>/in-process.ts` exports `createEngine`.
 */
import type { EngineDeclaration } from '../../engines/declaration.ts';
import type { Host } from '../../host/host.ts';
import { ownPid } from '../../host/own-process.ts';
import { PROTOCOL_VERSION, type Ready } from '../../protocol/frames.ts';
import { answer, type EngineRequest, type RequestContext } from '../../worker/answer.ts';
import type { CreateEngine, WorkerEngine } from '../../worker/engine.ts';
import { environmentFacts } from '../../worker/environment-facts.ts';
import { failureOf } from '../../worker/failure-of.ts';
import type { Executor, OnTokens, Outcome, WorkerHandle } from '../executor.ts';

export function inProcessExecutor(host: Host): Executor {
  return {
    id: 'in-process',
    start: async ({ declaration }) => {
      const spawned_ns = host.clock.monotonic_ns();
      try {
        const createEngine = await loadEngine(declaration);
        const engine = createEngine(host);
        const ready: Ready = {
          kind: 'ready',
          protocol: PROTOCOL_VERSION,
          engine: declaration.id,
          pid: ownPid(),
          origin_ns: spawned_ns.toString(),
          versions: engine.versions(),
          environment: environmentFacts(host),
        };
        return { kind: 'ok', value: handleOf(host, engine, ready, spawned_ns) };
      } catch (error) {
        return { kind: 'failed', failure: failureOf(error) };
      }
    },
  };
}

async function loadEngine(declaration: EngineDeclaration): Promise<CreateEngine> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const url = new URL(`../../engines/${declaration.id}/in-process.${extension}`, import.meta.url);
  return ((await import(url.href)) as { readonly createEngine: CreateEngine }).createEngine;
}

function handleOf(host: Host, engine: WorkerEngine, ready: Ready, origin_ns: bigint): WorkerHandle {
  const { clock } = host;
  let lastId = 0;
  /** Id of the request that `cancel` was called for. */
  let cancelledId = 0;

  const ask = (
    build: (id: number) => EngineRequest,
    deadline_ms: number,
    onProgress?: OnProgress,
    onTokens?: OnTokens,
  ) => {
    lastId += 1;
    const id = lastId;
    const deadline_ns = clock.monotonic_ns() + BigInt(Math.round(deadline_ms * 1e6));
    const cancelReason = (): 'cancelled' | 'timeout' | undefined =>
      cancelledId === id ? 'cancelled' : clock.monotonic_ns() >= deadline_ns ? 'timeout' : undefined;
    const context: RequestContext = {
      now_ns: () => Number(clock.monotonic_ns() - origin_ns),
      cancelled: () => cancelReason() !== undefined,
      cancelReason,
      progress: (stage, fraction) => onProgress?.(stage, fraction),
    };
    const request = build(id);
    if (request.kind !== 'generate' || request.stream !== true) return answer(engine, request, context);
    return answer(engine, request, {
      ...context,
      emit: (sequence, token) => onTokens?.([[sequence, token]]),
    });
  };
  const unexpected = (frame: Awaited<ReturnType<typeof ask>>): Outcome<never> => ({
    kind: 'failed',
    failure:
      frame.kind === 'failed'
        ? frame.failure
        : {
            cause: 'protocol',
            message: {
              en: `the engine answered with "${frame.kind}"`,
              ja: `エンジンが "${frame.kind}" を返しました`,
            },
          },
  });

  return {
    pid: undefined,
    ready,
    spawned_ns: origin_ns,
    ready_ns: clock.monotonic_ns(),
    load: async (request, deadline_ms, onProgress) => {
      const frame = await ask((id) => ({ kind: 'load', id, ...request }), deadline_ms, onProgress);
      if (frame.kind !== 'loaded') return unexpected(frame);
      const { effective, stages, cacheBytesWritten, cacheEntries } = frame;
      return {
        kind: 'ok',
        value: {
          effective,
          stages,
          cacheBytesWritten,
          ...(cacheEntries === undefined ? {} : { cacheEntries }),
        },
      };
    },
    generate: async (request, onTokens, transfer) => {
      transfer?.sent();
      const frame = await ask(
        (id) => ({ kind: 'generate', id, ...request }),
        request.deadline_ms,
        undefined,
        onTokens,
      );
      transfer?.answered();
      return frame.kind === 'sample' ? { kind: 'ok', value: frame.sample } : unexpected(frame);
    },
    score: async (request) => {
      const frame = await ask((id) => ({ kind: 'score', id, ...request }), request.deadline_ms);
      return frame.kind === 'scored' ? { kind: 'ok', value: frame.score } : unexpected(frame);
    },
    cancel: () => {
      cancelledId = lastId;
    },
    stop: async () => {
      engine.unload();
      return { ended: 'graceful', environment: environmentFacts(host), stderrTail: '' };
    },
  };
}

type OnProgress = (stage: string, fraction: number) => void;
