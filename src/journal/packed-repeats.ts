/**
 * Repeats in memory: numbers in one typed array instead of objects. A million repeats are some twenty million objects, and
 * half of a report's time would go into collecting garbage around them. A sample is unpacked where it is looked at and
 * forgotten afterwards.
 *
 * Words of one repeat, in order:
 *   start and end of the call; sampling_ns or ABSENT; number of the digest of its tokens
 *   steps; the stamp of each
 *   different neighbours among its sequences; of each: how often it stands, the fields of `SEQUENCE_WORDS`, runs of events,
 *   of each run: first step, steps, tokens per step
 *   1 and the fields of `NOISE_WORDS` (NaN: not read), or 0
 *   reasons why it is marked as disturbed, each by its number; the repeat that it measures again or ABSENT
 */
import { NOISE_FIELDS, type NoiseField } from './noise-figures.ts';
import { type Disturbance, disturbanceSchema, type JournalSample, type Noise } from './record-parts.ts';
import type { JournalRecord } from './records.ts';

export type RepeatRecord = Extract<JournalRecord, { readonly kind: 'repeat' }>;
type Sequence = JournalSample['sequences'][number];

/** Repeats of one cell in one launch that follow one another in the journal. */
export interface PackedRepeats {
  readonly kind: 'repeats';
  readonly launch: string;
  readonly phase: RepeatRecord['phase'];
  readonly cellKey: string;
  /** Number of the first repeat. */
  readonly first: number;
  readonly words: Float64Array;
  /** Where each repeat begins in `words`. */
  readonly begins: Uint32Array;
  /** Digests of tokens by their number; shared by all that were read together. */
  readonly digests: readonly string[];
  /** Whether one of them is marked as disturbed, or measures another again. */
  readonly marked: boolean;
}

/** What a journal is read as: a record for each line, but repeats together. */
export type ReadRecord = JournalRecord | PackedRepeats;

/** What is known of one repeat beside its stamps. */
export interface RepeatMark {
  readonly noise: Noise | undefined;
  /** Empty where it was not disturbed. */
  readonly disturbedBy: readonly Disturbance[];
  /** The repeat that this one measures again. */
  readonly remeasures: number | undefined;
}

/** In the place of a number that the line does not have. */
export const ABSENT = -1;

/** Numbers of a sequence, in the order of their words. */
export const SEQUENCE_WORDS = [
  'inputTokens',
  'intended_ns',
  'queued_ns',
  'sent_ns',
  'end_ns',
  'finish',
  'newTokens',
  'computedPadding',
  'computedPromptPadding',
] as const;
export const NOISE_WORDS: readonly ('window_ns' | NoiseField)[] = ['window_ns', ...NOISE_FIELDS];
export const FINISHES = ['length', 'stop', 'cancelled'] as const satisfies readonly Sequence['finish'][];
export const DISTURBANCES: readonly Disturbance[] = disturbanceSchema.options;

/** Words before the number of steps, and of one run of events. */
const HEADER_WORDS = 4;
const RUN_WORDS = 3;

const UNDISTURBED: readonly Disturbance[] = [];

/** Reads the words of one repeat after the other. */
interface WordCursor {
  readonly words: Float64Array;
  at: number;
}

function next(cursor: WordCursor): number {
  const word = cursor.words[cursor.at] ?? Number.NaN;
  cursor.at += 1;
  return word;
}

function pass(cursor: WordCursor, count: number): void {
  cursor.at += count;
}

const given = (word: number): number | undefined => (word === ABSENT ? undefined : word);

function unpackSample(cursor: WordCursor, digests: readonly string[]): JournalSample {
  const call = { start_ns: next(cursor), end_ns: next(cursor) };
  const sampling_ns = given(next(cursor));
  const tokensDigest = digests[next(cursor)] ?? '';
  const stepCount = next(cursor);
  const steps_ns: number[] = [];
  for (let step = 0; step < stepCount; step += 1) steps_ns.push(next(cursor));
  const sequences: Sequence[] = [];
  for (let different = next(cursor); different > 0; different -= 1) {
    const times = next(cursor);
    const sequence = unpackSequence(cursor);
    for (let time = 0; time < times; time += 1) sequences.push(sequence);
  }
  return sampling_ns === undefined
    ? { call, steps_ns, sequences, tokensDigest }
    : { call, steps_ns, sequences, sampling_ns, tokensDigest };
}

function unpackSequence(cursor: WordCursor): Sequence {
  const inputTokens = next(cursor);
  const intended_ns = next(cursor);
  const queued_ns = next(cursor);
  const sent_ns = next(cursor);
  const end_ns = next(cursor);
  const finish = FINISHES[next(cursor)] ?? 'cancelled';
  const newTokens = next(cursor);
  const computedPadding = next(cursor);
  const computedPromptPadding = given(next(cursor));
  const events: Sequence['events'] = [];
  for (let runs = next(cursor); runs > 0; runs -= 1) {
    events.push({ firstStep: next(cursor), steps: next(cursor), tokensPerStep: next(cursor) });
  }
  const sequence: Sequence = {
    inputTokens,
    intended_ns,
    queued_ns,
    sent_ns,
    events,
    end_ns,
    finish,
    newTokens,
    computedPadding,
  };
  if (computedPromptPadding !== undefined) sequence.computedPromptPadding = computedPromptPadding;
  return sequence;
}

function unpackNoise(cursor: WordCursor): Noise | undefined {
  if (next(cursor) === 0) return undefined;
  const noise: Noise = { window_ns: next(cursor) };
  for (const field of NOISE_FIELDS) {
    const value = next(cursor);
    if (!Number.isNaN(value)) noise[field] = value;
  }
  return noise;
}

function unpackMark(cursor: WordCursor): RepeatMark {
  const noise = unpackNoise(cursor);
  let disturbedBy = UNDISTURBED;
  for (let reasons = next(cursor); reasons > 0; reasons -= 1) {
    disturbedBy = [...disturbedBy, ...DISTURBANCES.slice(next(cursor)).slice(0, 1)];
  }
  return { noise, disturbedBy, remeasures: given(next(cursor)) };
}

/** How many repeats there are. */
export function repeatCount(all: readonly PackedRepeats[]): number {
  let count = 0;
  for (const { begins } of all) count += begins.length;
  return count;
}

export interface UnpackedRepeat {
  readonly sample: JournalSample;
  readonly mark: RepeatMark;
}

/** Every repeat, unpacked one after the other. */
export function* unpacked(all: readonly PackedRepeats[]): Generator<UnpackedRepeat> {
  for (const { words, begins, digests } of all) {
    for (const at of begins) {
      const cursor = { words, at };
      yield { sample: unpackSample(cursor, digests), mark: unpackMark(cursor) };
    }
  }
}

/** What is known of every repeat beside its stamps; samples are passed over. */
export function marksOf(all: readonly PackedRepeats[]): RepeatMark[] {
  const marks: RepeatMark[] = [];
  for (const { words, begins } of all) {
    for (const at of begins) {
      const cursor = { words, at };
      passSample(cursor);
      marks.push(unpackMark(cursor));
    }
  }
  return marks;
}

function passSample(cursor: WordCursor): void {
  pass(cursor, HEADER_WORDS);
  pass(cursor, next(cursor));
  for (let different = next(cursor); different > 0; different -= 1) {
    pass(cursor, 1 + SEQUENCE_WORDS.length);
    pass(cursor, RUN_WORDS * next(cursor));
  }
}

/** The records that were packed, as the journal has them. */
function repeatRecords(packed: PackedRepeats): RepeatRecord[] {
  const { launch, phase, cellKey, first } = packed;
  return Array.from(unpacked([packed]), ({ sample, mark }, index) => ({
    kind: 'repeat',
    launch,
    phase,
    cellKey,
    repeat: first + index,
    sample,
    ...(mark.noise === undefined ? {} : { noise: mark.noise }),
    ...(mark.disturbedBy.length === 0 ? {} : { disturbedBy: [...mark.disturbedBy] }),
    ...(mark.remeasures === undefined ? {} : { remeasures: mark.remeasures }),
  }));
}

/** A record for each line of the journal. */
export const lineByLine = (records: readonly ReadRecord[]): JournalRecord[] =>
  records.flatMap((record): JournalRecord[] =>
    record.kind === 'repeats' ? repeatRecords(record) : [record],
  );
