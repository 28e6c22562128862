/**
 * Stamps and counts of a sample that the metrics share. All stamps are nanoseconds after the launch's origin.
 * A sequence without a token event has no first and no last token.
 */
import type { JournalSample } from '../journal/records.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { sum } from '../stats/moments.ts';

export type Sequence = JournalSample['sequences'][number];

export interface TokenStamps {
  readonly sequence: Sequence;
  readonly first_ns: number;
  readonly last_ns: number;
  /** Tokens of the first event (1 unless the engine returned several at once). */
  readonly firstTokens: number;
}

/** A dozen metrics ask for the stamps of each of a report's samples. */
const known = new WeakMap<JournalSample, Maybe<readonly TokenStamps[]>>();

/** First and last token of every sequence; missing where one was cancelled or has no token. */
export function tokenStamps(sample: JournalSample): Maybe<readonly TokenStamps[]> {
  const found = known.get(sample) ?? findTokenStamps(sample);
  known.set(sample, found);
  return found;
}

function findTokenStamps(sample: JournalSample): Maybe<readonly TokenStamps[]> {
  const all: TokenStamps[] = [];
  for (const sequence of sample.sequences) {
    const firstRun = sequence.events[0];
    const lastRun = sequence.events.at(-1);
    if (sequence.finish === 'cancelled') return missing('the generation was cancelled');
    const first_ns = sample.steps_ns[firstRun?.firstStep ?? -1];
    const last_ns = sample.steps_ns[lastRun === undefined ? -1 : lastRun.firstStep + lastRun.steps - 1];
    if (firstRun === undefined || first_ns === undefined || last_ns === undefined) {
      return missing('a sequence has no token');
    }
    all.push({ sequence, first_ns, last_ns, firstTokens: firstRun.tokensPerStep });
  }
  return all.length === 0 ? missing('no sequences') : present(all);
}

/** When the first sequence's prefill began. */
export const generationStart_ns = (sample: JournalSample): number =>
  sample.sequences.reduce((earliest, { sent_ns }) => Math.min(earliest, sent_ns), Number.POSITIVE_INFINITY);

/** The last token of any sequence. */
export const lastToken_ns = (stamps: readonly TokenStamps[]): number =>
  stamps.reduce((latest, { last_ns }) => Math.max(latest, last_ns), Number.NEGATIVE_INFINITY);

/** New tokens over all sequences: up to and including the first end-of-text, padding never. */
export const newTokens = (sample: JournalSample): number =>
  sum(sample.sequences.map((sequence) => sequence.newTokens));

/** `count` per second over `elapsed_ns`; missing for a window that is not positive. */
export function perSecond(count: number, elapsed_ns: number): Maybe<number> {
  return elapsed_ns > 0 ? present(count / (elapsed_ns / 1e9)) : missing('the window is empty');
}

export interface TokenGaps {
  /** Of all sequences, one after the other, in nanoseconds. */
  readonly gaps_ns: Float64Array;
  /** Different steps at which a gap ends: sequences of a static batch share each stamp. */
  readonly distinct: number;
}

/** Gaps between successive token events of each sequence, pooled. */
export function tokenGaps(sample: JournalSample): TokenGaps {
  const events = sum(sample.sequences.flatMap((sequence) => sequence.events.map(({ steps }) => steps)));
  const gaps_ns = new Float64Array(events);
  const isEnd = new Uint8Array(sample.steps_ns.length);
  let count = 0;
  let distinct = 0;
  for (const sequence of sample.sequences) {
    let previous: number | undefined;
    for (const run of sequence.events) {
      for (let step = run.firstStep; step < run.firstStep + run.steps; step += 1) {
        const stamp = sample.steps_ns[step];
        if (stamp === undefined) continue;
        if (previous !== undefined) {
          gaps_ns[count] = stamp - previous;
          count += 1;
          if (isEnd[step] === 0) distinct += 1;
          isEnd[step] = 1;
        }
        previous = stamp;
      }
    }
  }
  return { gaps_ns: gaps_ns.subarray(0, count), distinct };
}
