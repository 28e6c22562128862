/** Packs repeats (packed-repeats.ts), from the bytes of their lines or from records. */
import {
  ABSENT,
  DISTURBANCES,
  FINISHES,
  NOISE_WORDS,
  type PackedRepeats,
  type ReadRecord,
  type RepeatRecord,
  SEQUENCE_WORDS,
} from './packed-repeats.ts';
import type { JournalSample } from './record-parts.ts';

/** Where the words of a repeat are put: room for one after the other, used again for the next group. */
export interface WordRoom {
  words: Float64Array;
  /** Words that are in use. */
  length: number;
}

/** Texts by number, each once. */
export interface TextTable {
  readonly texts: string[];
  readonly numbers: Map<string, number>;
}

/** What a line says beside its words. */
export interface RepeatHead {
  readonly launch: string;
  readonly phase: RepeatRecord['phase'];
  readonly cellKey: string;
  readonly repeat: number;
  /** Whether it is marked as disturbed, or measures another again. */
  readonly marked: boolean;
}

function addWord(room: WordRoom, word: number): void {
  makeRoom(room, 1);
  room.words[room.length] = word;
  room.length += 1;
}

/** So that `more` words can be added. */
export function makeRoom(room: WordRoom, more: number): void {
  if (room.length + more <= room.words.length) return;
  const larger = new Float64Array(2 * (room.length + more));
  larger.set(room.words.subarray(0, room.length));
  room.words = larger;
}

export function numberOf({ texts, numbers }: TextTable, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  const number = texts.length;
  texts.push(text);
  numbers.set(text, number);
  return number;
}

/** In memory that threads share without a copy. */
function shared(words: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(words.byteLength));
  copy.set(words);
  return copy;
}

/** Gathers repeats that follow one another. */
export interface RepeatPacker {
  readonly room: WordRoom;
  readonly digests: TextTable;
  /**
   * Keeps the words that were added to `room` since the last call as the repeat `head`.
   * @returns the group before it, where this one does not go on with it
   */
  keep(head: RepeatHead): PackedRepeats | undefined;
  /** The group that is open; the next repeat begins another. */
  close(): PackedRepeats | undefined;
}

export function repeatPacker(): RepeatPacker {
  const room: WordRoom = { words: new Float64Array(2 ** 16), length: 0 };
  const digests: TextTable = { texts: [], numbers: new Map() };
  let first: RepeatHead | undefined;
  let begins: number[] = [];
  let marked = false;
  /** Words of the repeats that are kept. */
  let kept = 0;

  const close = (): PackedRepeats | undefined => {
    if (first === undefined) return undefined;
    const { launch, phase, cellKey, repeat } = first;
    const group: PackedRepeats = {
      kind: 'repeats',
      launch,
      phase,
      cellKey,
      first: repeat,
      words: shared(room.words.subarray(0, kept)),
      begins: Uint32Array.from(begins),
      digests: digests.texts,
      marked,
    };
    room.words.copyWithin(0, kept, room.length);
    room.length -= kept;
    kept = 0;
    begins = [];
    marked = false;
    first = undefined;
    return group;
  };

  return {
    room,
    digests,
    keep: (head) => {
      const goesOn =
        first !== undefined &&
        head.launch === first.launch &&
        head.cellKey === first.cellKey &&
        head.phase === first.phase &&
        head.repeat === first.repeat + begins.length;
      const before = goesOn ? undefined : close();
      first ??= head;
      begins.push(kept);
      marked ||= head.marked;
      kept = room.length;
      return before;
    },
    close,
  };
}

/** Adds the words of `record` to the packer's room. @returns its head, to be kept */
export function addRecord({ room, digests }: RepeatPacker, record: RepeatRecord): RepeatHead {
  const { launch, phase, cellKey, repeat, sample, noise, disturbedBy = [], remeasures } = record;
  addSample(room, digests, sample);
  addWord(room, noise === undefined ? 0 : 1);
  if (noise !== undefined) for (const field of NOISE_WORDS) addWord(room, noise[field] ?? Number.NaN);
  addWord(room, disturbedBy.length);
  for (const reason of disturbedBy) addWord(room, DISTURBANCES.indexOf(reason));
  addWord(room, remeasures ?? ABSENT);
  return {
    launch,
    phase,
    cellKey,
    repeat,
    marked: disturbedBy.length > 0 || remeasures !== undefined,
  };
}

function addSample(room: WordRoom, digests: TextTable, sample: JournalSample): void {
  const { call, steps_ns, sequences, sampling_ns, tokensDigest } = sample;
  addWord(room, call.start_ns);
  addWord(room, call.end_ns);
  addWord(room, sampling_ns ?? ABSENT);
  addWord(room, numberOf(digests, tokensDigest));
  addWord(room, steps_ns.length);
  for (const step_ns of steps_ns) addWord(room, step_ns);
  addWord(room, sequences.length);
  for (const sequence of sequences) {
    addWord(room, 1);
    const numbers = { computedPromptPadding: ABSENT, ...sequence, finish: FINISHES.indexOf(sequence.finish) };
    for (const field of SEQUENCE_WORDS) addWord(room, numbers[field] ?? ABSENT);
    addWord(room, sequence.events.length);
    for (const { firstStep, steps, tokensPerStep } of sequence.events) {
      addWord(room, firstStep);
      addWord(room, steps);
      addWord(room, tokensPerStep);
    }
  }
}

/** `records` with repeats packed where they follow one another. */
export function packed(records: readonly ReadRecord[]): Exclude<ReadRecord, RepeatRecord>[] {
  const packer = repeatPacker();
  const all: Exclude<ReadRecord, RepeatRecord>[] = [];
  const add = (one: Exclude<ReadRecord, RepeatRecord> | undefined): void => {
    if (one !== undefined) all.push(one);
  };
  for (const record of records) {
    if (record.kind === 'repeat') add(packer.keep(addRecord(packer, record)));
    else {
      add(packer.close());
      all.push(record);
    }
  }
  add(packer.close());
  return all;
}
