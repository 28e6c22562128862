/**
 * Positions of the KV cache that an allocation scheme reserves, against those that hold keys and values which a later
 * step still reads: exact counts over the lengths of a batch, step by step. Nothing is run or timed here.
 *
 * A sequence that entered at step e holds, after step t, its prompt and the t - e new tokens before the last one (the last
 * token's keys and values are written by the step that reads it). A sequence that has ended needs nothing.
 * - `static`: all sequences enter at step 0; each has room for the longest prompt and the most new tokens, until the last
 *   one is done. What a library does that runs a batch from start to end.
 * - `slot`: continuous batching over slots of that same room; a waiting sequence enters as soon as a slot is free.
 * - `paged`: the same schedule, but a sequence has only as many blocks as its positions fill (the last one in part).
 *   Source: Kwon et al., "Efficient Memory Management for Large Language Model Serving with PagedAttention", SOSP 2023;
 *   a block of vLLM has 16 positions by default. Its block tables, watermark and sharing of prefixes are not counted.
 */

export const KV_ALLOCATION_KINDS = ['static', 'slot', 'paged'] as const;
export type KvAllocationKind = (typeof KV_ALLOCATION_KINDS)[number];

/** Positions in a block of vLLM, unless told otherwise. */
export const PAGED_BLOCK_POSITIONS = 16;

export interface SequenceLength {
  readonly promptTokens: number;
  /** Tokens that it got; at least 1. */
  readonly newTokens: number;
}

export interface KvDemand {
  /** In the order in which they wait. */
  readonly sequences: readonly SequenceLength[];
  /** The most new tokens that a sequence may get: room must be reserved before its end is known. */
  readonly mostNewTokens: number;
  /** Sequences at a time for `slot` and `paged`. */
  readonly slots: number;
  /** Positions per block for `paged`. */
  readonly blockPositions: number;
}

/** After one step, in positions. */
export interface KvStep {
  /** Sequences that are not done. */
  readonly live: number;
  readonly used: number;
  readonly reserved: number;
}

/** Over all steps of a batch, in positions of one cache (all layers). */
export interface KvAllocation {
  readonly kind: KvAllocationKind;
  readonly steps: number;
  readonly peakReserved: number;
  readonly peakUsed: number;
  readonly meanReserved: number;
  readonly meanUsed: number;
  /** Mean used over mean reserved, in (0, 1]. */
  readonly usedShare: number;
}

/**
 * What `kind` reserves and uses over the steps of `demand`.
 * @throws RangeError without sequences, or where one got no token or more than `mostNewTokens`
 */
export function kvAllocation(kind: KvAllocationKind, demand: KvDemand): KvAllocation {
  const timeline = kvTimeline(kind, demand);
  const steps = timeline.length;
  let [reserved, used, peakReserved, peakUsed] = [0, 0, 0, 0];
  for (const step of timeline) {
    reserved += step.reserved;
    used += step.used;
    peakReserved = Math.max(peakReserved, step.reserved);
    peakUsed = Math.max(peakUsed, step.used);
  }
  return {
    kind,
    steps,
    peakReserved,
    peakUsed,
    meanReserved: reserved / steps,
    meanUsed: used / steps,
    usedShare: used / reserved,
  };
}

/** Every step of it. @throws RangeError as `kvAllocation` */
export function kvTimeline(kind: KvAllocationKind, demand: KvDemand): KvStep[] {
  const { sequences, mostNewTokens, blockPositions } = demand;
  if (sequences.length === 0) throw new RangeError('no sequences');
  if (sequences.some(({ newTokens }) => newTokens < 1 || newTokens > mostNewTokens)) {
    throw new RangeError(`a sequence has fewer than 1 or more than ${mostNewTokens} new tokens`);
  }
  const slots = kind === 'static' ? sequences.length : Math.min(demand.slots, sequences.length);
  const room = Math.max(...sequences.map(({ promptTokens }) => promptTokens)) + mostNewTokens;
  const waiting = [...sequences].reverse();
  let running: { readonly promptTokens: number; readonly newTokens: number; done: number }[] = [];
  const timeline: KvStep[] = [];
  while (running.length > 0 || waiting.length > 0) {
    while (running.length < slots) {
      const next = waiting.pop();
      if (next === undefined) break;
      running.push({ ...next, done: 0 });
    }
    const held = running.map(({ promptTokens, done }) => promptTokens + done);
    timeline.push({
      live: running.length,
      used: sum(held),
      reserved:
        kind === 'paged'
          ? sum(held.map((positions) => Math.ceil(positions / blockPositions) * blockPositions))
          : slots * room,
    });
    for (const one of running) one.done += 1;
    running = running.filter(({ done, newTokens }) => done < newTokens);
  }
  return timeline;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
