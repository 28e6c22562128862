/**
 * The compute thread: loads the engine's module and runs one blocking request after the other. It only reads the
 * shared cancel words; frames, deadlines and the watchdog live in the control thread, which library calls never block.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Clock } from '../host/host.ts';
import { realHost } from '../host/real-host.ts';
import { answer, type EngineRequest, type RequestContext } from './answer.ts';
import type { CreateEngine } from './engine.ts';
import {
  CANCEL_REASON,
  CANCELLED_ID,
  type ComputeInit,
  type FromCompute,
  REASON_TIMEOUT,
  type ToCompute,
} from './threads.ts';

await run(workerData as ComputeInit);

async function run(init: ComputeInit): Promise<void> {
  const host = realHost();
  const cancel = new Int32Array(init.cancel);
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const module = (await import(
    new URL(`../engines/${init.engine}/worker.${extension}`, import.meta.url).href
  )) as { readonly createEngine: CreateEngine };
  const engine = module.createEngine(host, init.version);
  const post = (message: FromCompute): void => parentPort?.postMessage(message);

  // One at a time, in the order of arrival: `load` may be asynchronous.
  let last: Promise<void> = Promise.resolve();
  parentPort?.on('message', (message: ToCompute) => {
    last = last.then(async () => {
      if (message.kind === 'unload') {
        engine.unload();
        post({ kind: 'unloaded' });
        return;
      }
      const context = requestContext(message, host.clock, init.origin_ns, cancel, post);
      post(await answer(engine, message, context));
    });
  });
  post({ kind: 'started', versions: engine.versions() });
}

function requestContext(
  message: EngineRequest,
  clock: Clock,
  origin_ns: bigint,
  cancel: Int32Array,
  post: (message: FromCompute) => void,
): RequestContext {
  const { id } = message;
  const cancelled = (): boolean => Atomics.load(cancel, CANCELLED_ID) === id;
  return {
    now_ns: () => Number(clock.monotonic_ns() - origin_ns),
    cancelled,
    cancelReason: () => {
      if (!cancelled()) return undefined;
      return Atomics.load(cancel, CANCEL_REASON) === REASON_TIMEOUT ? 'timeout' : 'cancelled';
    },
    progress: (stage, fraction) => post({ kind: 'progress', id, stage, fraction }),
    emit:
      message.kind === 'generate' && message.stream === true
        ? (sequence, token) => post({ kind: 'tokens', id, tokens: [[sequence, token]] })
        : undefined,
  };
}
