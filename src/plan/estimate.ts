/**
 * How long a cell may take before anything was measured: the roofline of the machine at a cautious share of it. Only
 * the plan's first order of magnitude hangs on this; after a round the run loop uses what it measured.
 */
import type { Cell } from '../axes/cell.ts';
import type { Study } from '../study/study.ts';
import type { PlanMachine } from './plan.ts';
import type { StepModel } from './step-model.ts';

/** Shares of the roofs that engines reach, on the low side: decode at batch 1 was seen at 0.4 to 0.5, prefill above 0.6. */
const MEMORY_EFFICIENCY = 0.4;
const COMPUTE_EFFICIENCY = 0.5;
/** Rates per thread where none were measured: a server core with AVX2, and what its share of the memory can deliver. */
const GUESSED_BYTES_PER_SECOND = 20e9;
const GUESSED_FLOPS = 90e9;
/** More threads do not read faster than the memory of a common socket. */
const GUESSED_SOCKET_BYTES_PER_SECOND = 100e9;
/** Start of a process, its handshake and its stop. */
const PROCESS_MS = 600;

/**
 * Expected time of one generation of `cell`, in ms: filling the cache to the depth, prefill, and decode steps at their
 * mean context; continuous batching needs it once for each filling of the slots.
 * @param recomputes whether every step computes all positions again (no KV cache)
 */
export function generation_ms(
  cell: Cell,
  steps: StepModel,
  machine: PlanMachine,
  recomputes: boolean = false,
): number {
  const { slots, threads, inputTokens, outputTokens, depthTokens } = cell;
  const step = (newTokens: number, contextTokens: number): number =>
    time_ms(
      {
        flops: steps.flops(slots, newTokens, contextTokens),
        totalBytes: steps.bytes(slots, newTokens, contextTokens),
      },
      threads,
      machine,
    );
  const depth_ms = depthTokens === 0 ? 0 : step(depthTokens, 0);
  const context = depthTokens + inputTokens + outputTokens / 2;
  const decodeStep_ms = recomputes ? step(context, 0) : step(1, context);
  const decode_ms = (outputTokens - 1) * decodeStep_ms;
  return Math.ceil(cell.batch / slots) * (depth_ms + step(inputTokens, depthTokens) + decode_ms);
}

/** Expected time of `cell` in one launch: two warm-up generations cut short, then its repeats. */
export function cell_ms(study: Study, cell: Cell, oneGeneration_ms: number): number {
  const { repeats, warmUp } = study;
  const warm = 2 * oneGeneration_ms * Math.min(1, warmUp.tokens / cell.outputTokens);
  return warm + Math.max(repeats.minimum * oneGeneration_ms, repeats.window_ms);
}

/** Expected start, load and stop of a launch that reads `weightBytes`: loading copies, at an eighth of plain reading. */
export function launchOverhead_ms(weightBytes: number, threads: number, machine: PlanMachine): number {
  return PROCESS_MS + (weightBytes / (readRate(threads, machine) / 8)) * 1e3;
}

function time_ms(cost: { flops: number; totalBytes: number }, threads: number, machine: PlanMachine): number {
  const memory_s = cost.totalBytes / (readRate(threads, machine) * MEMORY_EFFICIENCY);
  const flops = machine.float32Flops ?? GUESSED_FLOPS * threads;
  return Math.max(memory_s, cost.flops / (flops * COMPUTE_EFFICIENCY)) * 1e3;
}

const readRate = (threads: number, { memoryReadBytesPerSecond }: PlanMachine): number =>
  memoryReadBytesPerSecond ?? Math.min(GUESSED_SOCKET_BYTES_PER_SECOND, GUESSED_BYTES_PER_SECOND * threads);
