/**
 * Stamps and counts of a sample that the metrics share. All stamps are nanoseconds after the launch's origin.
 * A sequence without a token event has no first and no last token.
 */
import type { JournalSample } from '../journal/record-parts.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';

export type Sequence = JournalSample['sequences'][number];

export interface TokenStamps {
  readonly sequence: Sequence;
  readonly first_ns: number;
  readonly last_ns: number;
  /** Tokens of the first event (1 unless the engine returned several at once). */
  readonly firstTokens: number;
}

/**
 * `compute`, which remembers its last answer: several metrics ask the same of one repeat, one after the other, and a report
 * has a million repeats.
 */
export function rememberLast<Input extends object, Answer>(
  compute: (input: Input) => Answer,
): (input: Input) => Answer {
  let known: { readonly input: Input; readonly answer: Answer } | undefined;
  return (input) => {
    if (known?.input !== input) known = { input, answer: compute(input) };
    return known.answer;
  };
}

/** First and last token of every sequence; missing where one was cancelled or has no token. */
export const tokenStamps: (sample: JournalSample) => Maybe<readonly TokenStamps[]> =
  rememberLast(findTokenStamps);

function findTokenStamps(sample: JournalSample): Maybe<readonly TokenStamps[]> {
  const all: TokenStamps[] = [];
  for (const sequence of sample.sequences) {
    const firstRun = sequence.events[0];
    const lastRun = sequence.events.at(-1);
    if (sequence.finish === 'cancelled')
      return missing({ en: 'the generation was cancelled', ja: '生成が取り消されました' });
    const first_ns = sample.steps_ns[firstRun?.firstStep ?? -1];
    const last_ns = sample.steps_ns[lastRun === undefined ? -1 : lastRun.firstStep + lastRun.steps - 1];
    if (firstRun === undefined || first_ns === undefined || last_ns === undefined) {
      return missing({ en: 'a sequence has no token', ja: 'トークンのない系列があります' });
    }
    all.push({ sequence, first_ns, last_ns, firstTokens: firstRun.tokensPerStep });
  }
  return all.length === 0 ? missing({ en: 'no sequences', ja: '系列がありません' }) : present(all);
}

/** When the first sequence's prefill began. */
export function generationStart_ns({ sequences }: JournalSample): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { sent_ns } of sequences) earliest = Math.min(earliest, sent_ns);
  return earliest;
}

/** The first token of the sequence that got its own last. */
export function lastFirst_ns(stamps: readonly TokenStamps[]): number {
  let latest = Number.NEGATIVE_INFINITY;
  for (const { first_ns } of stamps) latest = Math.max(latest, first_ns);
  return latest;
}

/** The last token of any sequence. */
export function lastToken_ns(stamps: readonly TokenStamps[]): number {
  let latest = Number.NEGATIVE_INFINITY;
  for (const { last_ns } of stamps) latest = Math.max(latest, last_ns);
  return latest;
}

/** New tokens over all sequences: up to and including the first end-of-text, padding never. */
export function newTokens({ sequences }: JournalSample): number {
  let total = 0;
  for (const sequence of sequences) total += sequence.newTokens;
  return total;
}

/** `count` per second over `elapsed_ns`; missing for a window that is not positive. */
export function perSecond(count: number, elapsed_ns: number): Maybe<number> {
  return elapsed_ns > 0
    ? present(count / (elapsed_ns / 1e9))
    : missing({ en: 'the window is empty', ja: '区間が空です' });
}

export interface TokenGaps {
  /** Of all sequences, one after the other, in nanoseconds. */
  readonly gaps_ns: Float64Array;
  /** Different steps at which a gap ends: sequences of a static batch share each stamp. */
  readonly distinct: number;
}

/** Room for the gaps of one generation after the other; the gaps last until it is used again. */
export interface GapRoom {
  gaps_ns: Float64Array;
  endsIn: Uint32Array;
}

/** Gaps between successive token events of each sequence, pooled over all of `samples`, in new memory or in `room`. */
export function tokenGaps(samples: readonly JournalSample[], room?: GapRoom): TokenGaps {
  let [events, steps] = [0, 0];
  for (const { steps_ns, sequences } of samples) {
    for (const sequence of sequences) for (const run of sequence.events) events += run.steps;
    steps = Math.max(steps, steps_ns.length);
  }
  const gaps_ns =
    room !== undefined && room.gaps_ns.length >= events ? room.gaps_ns : new Float64Array(events);
  /** By step: the sample, counted from 1, in which a gap was seen to end there. */
  const endsIn = room !== undefined && room.endsIn.length >= steps ? room.endsIn : new Uint32Array(steps);
  if (room !== undefined) {
    room.gaps_ns = gaps_ns;
    room.endsIn = endsIn.fill(0, 0, steps);
  }
  let [count, distinct] = [0, 0];
  for (const [index, { steps_ns, sequences }] of samples.entries()) {
    let before: Sequence | undefined;
    let begin = count;
    for (const sequence of sequences) {
      // Sequences of a static batch are one and the same where they were unpacked: so are their gaps.
      if (sequence === before) {
        const length = count - begin;
        gaps_ns.copyWithin(count, begin, count);
        begin = count;
        count += length;
        continue;
      }
      before = sequence;
      begin = count;
      let previous: number | undefined;
      for (const { firstStep, steps: ownSteps } of sequence.events) {
        for (let step = firstStep; step < firstStep + ownSteps; step += 1) {
          const stamp = steps_ns[step];
          if (stamp === undefined) continue;
          if (previous !== undefined) {
            gaps_ns[count] = stamp - previous;
            count += 1;
            if (endsIn[step] !== index + 1) distinct += 1;
            endsIn[step] = index + 1;
          }
          previous = stamp;
        }
      }
    }
  }
  return { gaps_ns: gaps_ns.subarray(0, count), distinct };
}
