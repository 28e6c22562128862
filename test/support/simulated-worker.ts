/** A worker of the simulated engine on a virtual clock, in this process. */
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import type { WorkerHandle } from '../../src/executors/executor.ts';
import { createExecutor, defaultExecutorId } from '../../src/executors/registry.ts';
import { testHost } from '../../src/host/test-host.ts';
import { valueOrThrow } from './local-worker.ts';

/** Of `generate` and `score` with up to four sequences of 64 positions. */
export const SIMULATED_LOAD = {
  modelPath: '/models/tiny',
  precision: 'fp32',
  threads: 2,
  device: 'cpu',
  cacheFolder: '/cache',
  limits: { slots: 4, positionsPerSlot: 64 },
  options: {},
} as const;

/** Host and executor that share a clock, and a worker that is started and not loaded. */
export async function startSimulated() {
  const host = testHost({ start_ns: 1_000_000n });
  const executor = createExecutor(defaultExecutorId(simDeclaration), host);
  const handle: WorkerHandle = valueOrThrow(
    await executor.start({ declaration: simDeclaration, environment: {}, startDeadline_ms: 1_000 }),
  );
  return { host, executor, handle };
}
