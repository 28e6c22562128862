/**
 * Measures one cell in a loaded worker: warm-up until steady, then repeats until both their count and their span are
 * reached; a disturbed one is followed by one that measures it again. Everything that happened becomes journal records; nothing is computed from them here.
 */

import type { Transfer, WorkerHandle } from '../executors/executor.ts';
import type { Clock } from '../host/host.ts';
import type { CellMemory, Disturbance, Noise } from '../journal/record-parts.ts';
import type { JournalRecord } from '../journal/records.ts';
import { toJournalSample } from '../journal/sample.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { Failure } from '../protocol/failure.ts';
import type { GenerateRequest } from '../protocol/frames.ts';
import type { Sample } from '../protocol/sample.ts';
import type { RemeasureQuestion } from '../schedule/remeasure.ts';
import { isBeyondBudget, type TimeLimit } from './time-limit.ts';

/** How often and how long a cell is measured in one launch. */
export interface CellPolicy {
  readonly repeats: number;
  /** Repeats go on until they span this long. */
  readonly minimumWindow_ms: number;
  readonly maximumRepeats: number;
  readonly maximumWarmUps: number;
  /** New tokens per sequence of a warm-up generation: enough for every kernel and buffer, cheaper than a repeat. */
  readonly warmUpTokens: number;
  readonly isSteady: (durations_ns: readonly number[]) => boolean;
  readonly disturbances: (noise: Noise) => readonly Disturbance[];
  readonly mayRemeasure: (question: RemeasureQuestion) => boolean;
}

/** The machine as seen around a group of repeats; a fake one serves the simulated engine. */
export interface CellGauges {
  /** Resets the high-water mark of the worker tree. */
  resetMemory(pid: number | undefined): void;
  readMemory(pid: number | undefined): Maybe<CellMemory>;
  /** Starts a window; the returned function ends it. */
  openNoiseWindow(pid: number | undefined): () => Noise;
  /** Starts the window of one repeat. */
  openRepeat(pid: number | undefined): Transfer & { close(): Noise };
}

/** A cell whose repeats are done and whose noise window is still open. */
export interface AwaitingNoise {
  readonly cellKey: string;
  readonly memory: Maybe<CellMemory>;
}

export interface CellContext {
  readonly clock: Clock;
  readonly gauges: CellGauges;
  readonly policy: CellPolicy;
  readonly launch: string;
  readonly phase: 'explore' | 'confirm';
  readonly record: (record: JournalRecord) => void;
  readonly onRepeat: (sample: Sample) => void;
  readonly interrupted: () => boolean;
  /** A generation that the budget cuts short is an interruption. */
  readonly time: TimeLimit;
}

export type CellResult =
  | {
      readonly kind: 'measured';
      readonly tokens: readonly (readonly number[])[];
      readonly repeats: number;
      readonly memory: Maybe<CellMemory>;
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'interrupted' };

/** Measures `cell` with `request`; a failure of the worker is returned, not thrown. */
export async function measureCell(
  handle: WorkerHandle,
  cellKey: string,
  request: Omit<GenerateRequest, 'kind' | 'id'>,
  context: CellContext,
): Promise<CellResult> {
  context.gauges.resetMemory(handle.pid);
  const warm = await warmUp(handle, cellKey, request, context);
  if (warm !== undefined) return warm;
  return repeatCell(handle, cellKey, request, context);
}

async function warmUp(
  handle: WorkerHandle,
  cellKey: string,
  request: Omit<GenerateRequest, 'kind' | 'id'>,
  context: CellContext,
): Promise<CellResult | undefined> {
  const { policy } = context;
  const short = {
    ...request,
    outputTokens: request.outputTokens.map((n) => Math.min(n, policy.warmUpTokens)),
  };
  const durations_ns: number[] = [];
  let steady = false;
  while (!steady && durations_ns.length < policy.maximumWarmUps) {
    if (context.interrupted()) return { kind: 'interrupted' };
    const deadline_ms = context.time.deadline_ms(request.deadline_ms);
    const outcome = await handle.generate({ ...short, deadline_ms });
    if (outcome.kind === 'failed') return endedBy(outcome.failure, deadline_ms, request);
    durations_ns.push(outcome.value.call.end_ns - outcome.value.call.start_ns);
    steady = policy.isSteady(durations_ns);
  }
  context.record({
    kind: 'warmed-up',
    launch: context.launch,
    cellKey,
    generations: durations_ns.length,
    steady,
    durations_ns,
  });
  return undefined;
}

async function repeatCell(
  handle: WorkerHandle,
  cellKey: string,
  request: Omit<GenerateRequest, 'kind' | 'id'>,
  context: CellContext,
): Promise<CellResult> {
  const { policy, clock, launch, phase } = context;
  const start_ns = clock.monotonic_ns();
  let tokens: readonly (readonly number[])[] = [];
  let repeat = 0;
  let remeasured = 0;
  /** The disturbed repeat that the next one measures again. */
  let owed: number | undefined;
  for (;;) {
    const elapsed_ms = Number(clock.monotonic_ns() - start_ns) / 1e6;
    const planned = repeat - remeasured;
    const enough = planned >= policy.repeats && elapsed_ms >= policy.minimumWindow_ms;
    if (owed === undefined && (enough || planned >= policy.maximumRepeats)) break;
    if (context.interrupted()) return { kind: 'interrupted' };
    const deadline_ms = context.time.deadline_ms(request.deadline_ms);
    const limited = { ...request, deadline_ms };
    const gauge = context.gauges.openRepeat(handle.pid);
    const outcome = await handle.generate(limited, undefined, gauge);
    const noise = gauge.close();
    if (outcome.kind === 'failed') return endedBy(outcome.failure, deadline_ms, request);
    const journalled = toJournalSample(outcome.value);
    const disturbedBy = policy.disturbances(noise);
    tokens = journalled.tokens;
    context.record({
      kind: 'tokens',
      tokensDigest: journalled.sample.tokensDigest,
      tokens: journalled.tokens,
    });
    context.record({
      kind: 'repeat',
      launch,
      phase,
      cellKey,
      repeat,
      sample: journalled.sample,
      noise,
      ...(disturbedBy.length === 0 ? {} : { disturbedBy: [...disturbedBy] }),
      ...(owed === undefined ? {} : { remeasures: owed }),
    });
    context.onRepeat(outcome.value);
    if (owed !== undefined) remeasured += 1;
    const again = {
      done: remeasured,
      duration_ms: noise.window_ns / 1e6,
      remaining_ms: context.time.left_ms(),
    };
    owed = disturbedBy.length > 0 && policy.mayRemeasure(again) ? (owed ?? repeat) : undefined;
    repeat += 1;
  }
  return { kind: 'measured', tokens, repeats: repeat, memory: context.gauges.readMemory(handle.pid) };
}

const endedBy = (
  failure: Failure,
  deadline_ms: number,
  request: Pick<GenerateRequest, 'deadline_ms'>,
): CellResult =>
  isBeyondBudget(failure, deadline_ms, request.deadline_ms)
    ? { kind: 'interrupted' }
    : { kind: 'failed', failure };
