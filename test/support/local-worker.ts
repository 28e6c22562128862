/** Real worker processes of the sim engine, for tests of what can go wrong with a process. */
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import type { Outcome, WorkerHandle } from '../../src/executors/executor.ts';
import { createExecutor } from '../../src/executors/registry.ts';
import { realHost } from '../../src/host/real-host.ts';
import type { Loaded } from '../../src/protocol/frames.ts';

/** Costs of microseconds: these tests are about faults, not times. */
const COSTS = { load_ns: 0, prefill_ns: 0, step_ns: 1_000, sequence_ns: 0 };

export const generation = {
  prompts: [[1, 2, 3]],
  depthTokens: 0,
  outputTokens: [3],
  batching: 'static' as const,
  slots: 1,
  stopTokens: [] as number[],
  deadline_ms: 60_000,
};

export function valueOrThrow<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'failed') throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}

export async function startSim(): Promise<WorkerHandle> {
  return valueOrThrow(
    await createExecutor('local', realHost()).start({
      declaration: simDeclaration,
      environment: { OMP_NUM_THREADS: '1' },
      startDeadline_ms: 30_000,
    }),
  );
}

export function loadSim(
  handle: WorkerHandle,
  options: Readonly<Record<string, string | number>> = {},
  deadline_ms = 30_000,
): Promise<Outcome<Loaded>> {
  return handle.load(
    {
      modelPath: '/nowhere',
      precision: 'fp32',
      threads: 1,
      device: 'cpu',
      cacheFolder: '/nowhere',
      limits: { slots: 1, positionsPerSlot: 64 },
      options: { ...COSTS, ...options },
    },
    deadline_ms,
  );
}

/** Whether a process, or any of its group, is there. A zombie counts as gone. */
export function isAlive(pid: number): boolean {
  const stat = realHost().files.tryReadText(`/proc/${pid}/stat`);
  return stat !== undefined && !/\) [ZX] /.test(stat);
}
