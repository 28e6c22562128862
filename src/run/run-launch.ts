/**
 * One launch: start a worker, load the model, measure the cells that share it, stop it. After a
 * failure that cost the worker its life the remaining cells are handed back, so that a fresh launch can serve them.
 */
import type { Outcome, WorkerHandle } from '../executors/executor.ts';
import type { JournalRecord } from '../journal/records.ts';
import { conversion_ns } from '../protocol/conversion.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Loaded } from '../protocol/frames.ts';
import type { LaunchCell, LaunchContext, LaunchResult, LaunchTask } from './launch-task.ts';
import { type Served, serveCells } from './serve-cells.ts';
import { stoppedOnce } from './stopped-once.ts';
import { isBeyondBudget } from './time-limit.ts';

/** Runs `task` to its end; faults of the worker become records. */
export async function runLaunch(task: LaunchTask, context: LaunchContext): Promise<LaunchResult> {
  const { launch } = task;
  const record = context.record;
  const begin_ns = context.clock.monotonic_ns();
  const ended = (served: Served, environment: Readonly<Record<string, string>>): LaunchResult => {
    record({ kind: 'launch-ended', launch, outcome: served.outcome, environment });
    context.sync();
    return {
      ...served,
      once_ms: served.once_ms + converted_ms,
      cacheEntries,
      total_ms: Number(context.clock.monotonic_ns() - begin_ns) / 1e6,
    };
  };
  const nothing: Served = { outcome: 'failed', unserved: [], cellTimes_ms: new Map(), once_ms: 0 };
  let converted_ms = 0;
  let cacheEntries: readonly string[] = [];
  const fail = (failure: Failure, cellKey?: string): void => {
    record({ kind: 'failure', launch, ...(cellKey === undefined ? {} : { cellKey }), failure });
    context.onFailure(failure, cellKey);
  };
  record({
    kind: 'launch-started',
    launch,
    phase: context.phase,
    round: task.round,
    block: task.block,
    position: task.position,
    cellKeys: task.cells.map((cell) => cell.cellKey),
    ...chosenRepeats(task.cells),
    requested_ns: context.clock.monotonic_ns().toString(),
    wallTime: context.wallTime(),
  });
  const start_ms = context.time.deadline_ms(task.startDeadline_ms);
  const started = await context.executor.start({
    declaration: task.declaration,
    engineVersion: task.engineVersion,
    environment: task.environment,
    startDeadline_ms: start_ms,
  });
  if (started.kind === 'failed') {
    if (isBeyondBudget(started.failure, start_ms, task.startDeadline_ms))
      return ended({ ...nothing, outcome: 'interrupted' }, {});
    for (const cell of task.cells) fail(started.failure, cell.cellKey);
    return ended(nothing, {});
  }
  const handle = stoppedOnce(started.value);
  record(readyRecord(launch, handle));
  const requested_ns = context.clock.monotonic_ns();
  const load_ms = context.time.deadline_ms(task.loadDeadline_ms);
  const loaded = await loadUnlessInterrupted(handle, task, load_ms, context);
  if (loaded.kind === 'failed') {
    if (context.signal.aborted || isBeyondBudget(loaded.failure, load_ms, task.loadDeadline_ms)) {
      const report = await handle.stop();
      return ended({ ...nothing, outcome: 'interrupted' }, report.environment);
    }
    for (const cell of task.cells) fail(loaded.failure, cell.cellKey);
    const report = await handle.stop();
    return ended(nothing, report.environment);
  }
  converted_ms = conversion_ns(loaded.value) / 1e6;
  cacheEntries = loaded.value.cacheEntries ?? [];
  record({
    kind: 'launch-loaded',
    launch,
    requested_ns: requested_ns.toString(),
    loaded_ns: context.clock.monotonic_ns().toString(),
    ...loaded.value,
  });
  const cancel = (): void => {
    handle.cancel();
  };
  context.signal.addEventListener('abort', cancel);
  const served = await serveCells(handle, task, context, fail);
  context.signal.removeEventListener('abort', cancel);
  const report = await handle.stop();
  return ended(served, report.environment);
}

/** A load takes minutes where weights are converted: an interruption does not wait for it, but stops the worker. */
async function loadUnlessInterrupted(
  handle: WorkerHandle,
  task: LaunchTask,
  deadline_ms: number,
  { signal, onProgress }: LaunchContext,
): Promise<Outcome<Loaded>> {
  const abandon = (): void => void handle.stop();
  signal.addEventListener('abort', abandon);
  if (signal.aborted) abandon();
  const loaded = await handle.load(task.load, deadline_ms, onProgress);
  signal.removeEventListener('abort', abandon);
  return loaded;
}

function chosenRepeats(cells: readonly LaunchCell[]): { readonly repeatsAtMost?: Record<string, number> } {
  const chosen = cells.flatMap(({ cellKey, repeatsAtMost }) =>
    repeatsAtMost === undefined ? [] : [[cellKey, repeatsAtMost] as const],
  );
  return chosen.length === 0 ? {} : { repeatsAtMost: Object.fromEntries(chosen) };
}

function readyRecord(launch: string, handle: WorkerHandle): JournalRecord {
  const { ready } = handle;
  return {
    kind: 'launch-ready',
    launch,
    pid: ready.pid,
    origin_ns: ready.origin_ns,
    ready_ns: handle.ready_ns.toString(),
    versions: ready.versions,
    environment: ready.environment,
  };
}
