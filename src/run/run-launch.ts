/**
 * One launch: start a worker, load the model, measure the cells that share it, stop it. After a
 * failure that cost the worker its life the remaining cells are handed back, so that a fresh launch can serve them.
 */
import type { Cell } from '../axes/cell.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Executor, Outcome, WorkerHandle } from '../executors/executor.ts';
import type { Clock } from '../host/host.ts';
import type { Noise } from '../journal/record-parts.ts';
import type { JournalRecord } from '../journal/records.ts';
import { missing } from '../kernel/maybe.ts';
import { conversion_ns } from '../protocol/conversion.ts';
import type { Failure } from '../protocol/failure.ts';
import type { GenerateRequest, Loaded, LoadRequest } from '../protocol/frames.ts';
import {
  type AwaitingNoise,
  type CellContext,
  type CellPolicy,
  type CellResult,
  measureCell,
} from './measure-cell.ts';
import { stoppedOnce } from './stopped-once.ts';
import { isBeyondBudget } from './time-limit.ts';

export interface LaunchCell {
  readonly cell: Cell;
  readonly cellKey: string;
  /** What the engine's declaration expects it to need. */
  readonly memoryBytes: number;
  readonly request: Omit<GenerateRequest, 'kind' | 'id'>;
  /** Repeats at most, beside the study's; undefined = the study's alone. */
  readonly repeatsAtMost?: number | undefined;
}

export interface LaunchTask {
  /** Unique within the run. */
  readonly launch: string;
  readonly round: number;
  readonly block: number;
  readonly position: number;
  readonly declaration: EngineDeclaration;
  readonly engineVersion: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly load: Omit<LoadRequest, 'kind' | 'id'>;
  /** In the order in which they are served. */
  readonly cells: readonly LaunchCell[];
  readonly startDeadline_ms: number;
  readonly loadDeadline_ms: number;
}

export interface LaunchContext extends Omit<CellContext, 'launch'> {
  readonly executor: Executor;
  readonly sync: () => void;
  readonly wallTime: () => string;
  /** Called with the living worker after a cell was measured, for teacher-forced scores. */
  readonly afterCell: (handle: WorkerHandle, cell: LaunchCell, result: CellResult) => Promise<void>;
  /** Called before each cell. */
  readonly onCell: (cell: LaunchCell) => void;
  /** Ends the running load or generation; `interrupted` is true from then on. */
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, fraction: number) => void;
  readonly onFailure: (failure: Failure, cellKey: string | undefined) => void;
}

export interface LaunchResult {
  readonly outcome: 'complete' | 'failed' | 'interrupted';
  /** Cells that a dead worker left unmeasured; they deserve a launch of their own. */
  readonly unserved: readonly LaunchCell[];
  /** Time of each cell that was measured, warm-up included: what the budget policy learns from. */
  readonly cellTimes_ms: ReadonlyMap<string, number>;
  /** Part of the total that further launches do not need again: conversion into the cache, teacher-forced scores. */
  readonly once_ms: number;
  readonly total_ms: number;
  /** Converted copies that the model was loaded from, relative to the cache folder. */
  readonly cacheEntries?: readonly string[];
}

/** A noise window covers as many cells as it takes to last this long: ticks of the CPU clock are 10 ms. */
const MINIMUM_NOISE_WINDOW_NS = 2_000_000_000n;

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

type Served = Omit<LaunchResult, 'total_ms' | 'cacheEntries'>;

async function serveCells(
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
      case 'measured':
        cellTimes_ms.set(cellKey, Number(clock.monotonic_ns() - begin_ns) / 1e6);
        waiting.push({ cellKey, memory: isAfterLarger ? AFTER_LARGER : result.memory });
        if (clock.monotonic_ns() - window.begin_ns >= MINIMUM_NOISE_WINDOW_NS) closeWindow();
        once_ms += await timed_ms(clock, () => context.afterCell(handle, launchCell, result));
        break;
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

function chosenRepeats(cells: readonly LaunchCell[]): { readonly repeatsAtMost?: Record<string, number> } {
  const chosen = cells.flatMap(({ cellKey, repeatsAtMost }) =>
    repeatsAtMost === undefined ? [] : [[cellKey, repeatsAtMost] as const],
  );
  return chosen.length === 0 ? {} : { repeatsAtMost: Object.fromEntries(chosen) };
}

/** The high-water mark starts from what the process holds, and that may be a larger cell's. */
const AFTER_LARGER = missing({
  en: 'read only where no larger cell was served before in the launch',
  ja: '同じ起動で、より大きなセルを先に処理していないときだけ読みます',
});

async function timed_ms(clock: Clock, work: () => Promise<void>): Promise<number> {
  const begin_ns = clock.monotonic_ns();
  await work();
  return Number(clock.monotonic_ns() - begin_ns) / 1e6;
}

const measuredRecord = (launch: string, { cellKey, memory }: AwaitingNoise, noise: Noise): JournalRecord => ({
  kind: 'cell-measured',
  launch,
  cellKey,
  noise,
  ...(memory.kind === 'value' ? { memory: memory.value } : { memoryMissing: memory.reason }),
});

/** After these the process is gone or not to be trusted: the rest of its cells need a fresh one. */
const losesWorker = (failure: Failure): boolean => failure.cause !== 'unsupported';

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
