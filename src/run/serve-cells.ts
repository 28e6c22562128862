/** The cells of a launch, one after another on its living worker, until one costs the worker its life. */
import type { WorkerHandle } from '../executors/executor.ts';
import type { Noise } from '../journal/record-parts.ts';
import type { JournalRecord } from '../journal/records.ts';
import { missing } from '../kernel/maybe.ts';
import type { Failure } from '../protocol/failure.ts';
import type { LaunchCell, LaunchContext, LaunchResult, LaunchTask } from './launch-task.ts';
import { type AwaitingNoise, type CellPolicy, measureCell } from './measure-cell.ts';

/** A noise window covers as many cells as it takes to last this long: ticks of the CPU clock are 10 ms. */
const MINIMUM_NOISE_WINDOW_NS = 2_000_000_000n;

/** What came of them. */
export type Served = Omit<LaunchResult, 'total_ms' | 'cacheEntries'>;

/** Measures the cells of `task` in their order; `fail` is told of each that failed. */
export async function serveCells(
  handle: WorkerHandle,
  task: LaunchTask,
  context: LaunchContext,
  fail: (failure: Failure, cellKey: string) => void,
): Promise<Served> {
  const { clock, gauges } = context;
  const cellTimes_ms = new Map<string, number>();
  let once_ms = 0;
  let window = { begin_ns: clock.monotonic_ns(), close: gauges.openNoiseWindow(handle.pid) };
  let waiting: AwaitingNoise[] = [];
  const closeWindow = (): void => {
    const noise = window.close();
    for (const cell of waiting) context.record(measuredRecord(task.launch, cell, noise));
    waiting = [];
    window = { begin_ns: clock.monotonic_ns(), close: gauges.openNoiseWindow(handle.pid) };
  };
  const served = (outcome: Served['outcome'], unserved: readonly LaunchCell[] = []): Served => {
    if (waiting.length > 0) closeWindow();
    return { outcome, unserved, cellTimes_ms, once_ms };
  };
  let failed = false;
  /** Of the cells that were served. */
  let largestBytes = 0;
  for (const [index, launchCell] of task.cells.entries()) {
    if (context.interrupted()) return served('interrupted');
    const begin_ns = clock.monotonic_ns();
    const { cellKey, request, repeatsAtMost } = launchCell;
    const isAfterLarger = launchCell.memoryBytes < largestBytes;
    largestBytes = Math.max(largestBytes, launchCell.memoryBytes);
    context.onCell(launchCell);
    const policy = atMost(context.policy, repeatsAtMost);
    const result = await measureCell(handle, cellKey, request, { ...context, policy, launch: task.launch });
    switch (result.kind) {
      case 'measured': {
        cellTimes_ms.set(cellKey, Number(clock.monotonic_ns() - begin_ns) / 1e6);
        waiting.push({ cellKey, memory: isAfterLarger ? AFTER_LARGER : result.memory });
        if (clock.monotonic_ns() - window.begin_ns >= MINIMUM_NOISE_WINDOW_NS) closeWindow();
        const checked_ns = clock.monotonic_ns();
        const lost = await context.afterCell(handle, launchCell, result);
        once_ms += Number(clock.monotonic_ns() - checked_ns) / 1e6;
        const rest = task.cells.slice(index + 1);
        if (lost !== undefined && losesWorker(lost) && rest.length > 0)
          return context.interrupted() ? served('interrupted') : served('failed', rest);
        break;
      }
      case 'interrupted':
        return served('interrupted');
      case 'failed':
        if (result.failure.cause === 'cancelled' && context.interrupted()) return served('interrupted');
        fail(result.failure, cellKey);
        failed = true;
        if (losesWorker(result.failure)) return served('failed', task.cells.slice(index + 1));
        break;
    }
  }
  return served(failed ? 'failed' : 'complete');
}

const atMost = (policy: CellPolicy, repeats: number | undefined): CellPolicy =>
  repeats === undefined ? policy : { ...policy, maximumRepeats: Math.min(repeats, policy.maximumRepeats) };

/** The high-water mark starts from what the process holds, and that may be a larger cell's. */
const AFTER_LARGER = missing({
  en: 'read only where no larger cell was served before in the launch',
  ja: '同じ起動で、より大きなセルを先に処理していないときだけ読みます',
});

const measuredRecord = (launch: string, { cellKey, memory }: AwaitingNoise, noise: Noise): JournalRecord => ({
  kind: 'cell-measured',
  launch,
  cellKey,
  noise,
  ...(memory.kind === 'value' ? { memory: memory.value } : { memoryMissing: memory.reason }),
});

/** After these the process is gone or not to be trusted: the rest of its cells need a fresh one. */
const losesWorker = (failure: Failure): boolean => failure.cause !== 'unsupported';
