/**
 * The lines that a journal mostly consists of, those of repeats, read straight from their bytes into packed words
 * (packed-repeats.ts): no text, no objects, no schema walked a million times. It accepts a part of what `recordSchema`
 * accepts, keys in the order in which they are written (those of a sequence in any), and gives the same record (a property
 * test holds them together); any other line, damaged ones with them, is left to the schema.
 */
import {
  ascii,
  type ByteCursor,
  count,
  decimal,
  type KnownText,
  oneOf,
  plainText,
  skip,
  skipByte,
} from './byte-cursor.ts';
import { NOISE_FIGURES } from './noise-figures.ts';
import { makeRoom, numberOf, type RepeatHead, type RepeatPacker } from './pack-repeats.ts';
import { ABSENT, DISTURBANCES, FINISHES, NOISE_WORDS, SEQUENCE_WORDS } from './packed-repeats.ts';

/**
 * The head of the line in [begin, end) of `bytes`, its newline excluded, its words added to the room; undefined where the
 * schema must look, the room as it was.
 */
export type RepeatLineReader = (bytes: Uint8Array, begin: number, end: number) => RepeatHead | undefined;

const keys = <K extends string>(...names: readonly K[]) => ({
  names,
  bytes: names.map((name) => ascii(`"${name}":`)),
});
const words = <W extends string>(names: readonly W[]) => ({
  names,
  bytes: names.map((name) => ascii(`"${name}"`)),
});

const BEGIN = ascii('{"kind":"repeat",');
const REPEAT = keys('launch', 'phase', 'cellKey', 'repeat', 'sample', 'noise', 'disturbedBy', 'remeasures');
const SAMPLE = keys('call', 'steps_ns', 'sequences', 'sampling_ns', 'tokensDigest');
const CALL = keys('start_ns', 'end_ns');
const SEQUENCE = keys(
  'inputTokens',
  'intended_ns',
  'queued_ns',
  'sent_ns',
  'events',
  'end_ns',
  'finish',
  'computedPadding',
  'computedPromptPadding',
  'newTokens',
);
const RUN = keys('firstStep', 'steps', 'tokensPerStep');
const NOISE = keys(...NOISE_WORDS);
const PHASES = words(['explore', 'confirm'] as const);
const FINISH_WORDS = words(FINISHES);
const REASONS = words(DISTURBANCES);

const COMMA = 0x2c;
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [0x7b, 0x7d, 0x5b, 0x5d];
/** In place of the index of a key. */
const [FIRST, END, OTHER] = [-1, -2, -3];

/** Of a sequence: places of keys among its keys and words, and words that must be there. */
const EVENTS = SEQUENCE.names.indexOf('events');
const FINISH = SEQUENCE.names.indexOf('finish');
const FINISH_WORD = SEQUENCE_WORDS.indexOf('finish');
const WORDS: readonly string[] = SEQUENCE_WORDS;
const WORD_OF_KEY: readonly number[] = SEQUENCE.names.map((name) => WORDS.indexOf(name));
const REQUIRED_WORDS = SEQUENCE_WORDS.indexOf('computedPromptPadding');

/** Words of a sample before its steps. */
const [SAMPLING_WORD, DIGEST_WORD, HEADER_WORDS] = [2, 3, 4];
/** More words than bytes of a line: absent figures of noise, and counts. */
const WORDS_WITHOUT_BYTES = 64;

const bit = (index: number): number => 1 << index;
const SAMPLING_KEY = bit(SAMPLE.names.indexOf('sampling_ns'));
const ALL_SAMPLE_KEYS = bit(SAMPLE.names.length) - 1;
const NOISE_KEY = bit(REPEAT.names.indexOf('noise'));
const DISTURBED_KEY = bit(REPEAT.names.indexOf('disturbedBy'));
const OPTIONAL_KEYS = NOISE_KEY | DISTURBED_KEY | bit(REPEAT.names.indexOf('remeasures'));
const ALL_KEYS = bit(REPEAT.names.length) - 1;

/** A reader of lines into the room of a packer, which has to keep each of them. */
export function repeatLineReader({ room, digests }: RepeatPacker): RepeatLineReader {
  const cursor: ByteCursor = { bytes: new Uint8Array(0), at: 0 };
  const known = (): KnownText => ({ text: '', quoted: new Uint8Array(0) });
  const [launches, cells, lastDigest] = [known(), known(), known()];
  /** The room's, and how many of them are in use. */
  let words = room.words;
  let used = 0;
  const add = (word: number): void => {
    words[used] = word;
    used += 1;
  };

  /** Moves behind the next key of an object whose brace was read; `previous` is the index of the key before. */
  const nextKey = (names: readonly Uint8Array[], previous: number): number => {
    if (previous !== FIRST) {
      if (skipByte(cursor, BRACE_END)) return END;
      if (!skipByte(cursor, COMMA)) return OTHER;
    }
    const index = oneOf(cursor, names, previous + 1 === names.length ? 0 : previous + 1);
    return index === -1 ? OTHER : index;
  };

  /** Reads an object of whole numbers into `into`, by the index of the key. */
  const counts = (
    { bytes: names }: { readonly bytes: readonly Uint8Array[] },
    into: Float64Array,
  ): boolean => {
    if (!skipByte(cursor, BRACE)) return false;
    into.fill(ABSENT);
    let key = nextKey(names, FIRST);
    for (; key >= 0; key = nextKey(names, key)) if (!countInto(into, key)) return false;
    return key === END;
  };
  const countInto = (into: Float64Array, key: number): boolean => {
    if (into[key] !== ABSENT) return false;
    const value = count(cursor);
    into[key] = value;
    return value >= 0;
  };

  /** Reads `[...]`, whose items `item` reads, and puts their number before what it added. */
  const list = (item: () => boolean): boolean => {
    const at = used;
    add(0);
    if (!skipByte(cursor, BRACKET)) return false;
    if (skipByte(cursor, BRACKET_END)) return true;
    let items = 0;
    do {
      if (!item()) return false;
      items += 1;
    } while (skipByte(cursor, COMMA));
    words[at] = items;
    return skipByte(cursor, BRACKET_END);
  };

  const step = (): boolean => {
    const value = count(cursor);
    add(value);
    return value >= 0;
  };

  const runNumbers = new Float64Array(RUN.names.length);
  const run = (): boolean => {
    if (!counts(RUN, runNumbers)) return false;
    const [firstStep = ABSENT, steps = ABSENT, tokensPerStep = ABSENT] = runNumbers;
    add(firstStep);
    add(steps);
    add(tokensPerStep);
    return firstStep >= 0 && steps > 0 && tokensPerStep > 0;
  };

  const numbers = new Float64Array(SEQUENCE_WORDS.length);
  const readSequence = (): boolean => {
    if (!skipByte(cursor, BRACE)) return false;
    numbers.fill(ABSENT);
    // Events stand among the numbers in the line, and after them in the words.
    const at = used;
    used += SEQUENCE_WORDS.length;
    let hasEvents = false;
    let key = nextKey(SEQUENCE.bytes, FIRST);
    for (; key >= 0; key = nextKey(SEQUENCE.bytes, key)) {
      if (key === EVENTS) {
        if (hasEvents || !list(run)) return false;
        hasEvents = true;
      } else if (key === FINISH) {
        if (numbers[FINISH_WORD] !== ABSENT) return false;
        const finish = oneOf(cursor, FINISH_WORDS.bytes, 0);
        if (finish < 0) return false;
        numbers[FINISH_WORD] = finish;
      } else if (!countInto(numbers, WORD_OF_KEY[key] ?? OTHER)) return false;
    }
    if (key !== END || !hasEvents) return false;
    for (let word = 0; word < REQUIRED_WORDS; word += 1) if ((numbers[word] ?? ABSENT) < 0) return false;
    for (let word = 0; word < SEQUENCE_WORDS.length; word += 1) words[at + word] = numbers[word] ?? ABSENT;
    return true;
  };

  const readSequences = (): boolean => {
    const at = used;
    add(0);
    if (!skipByte(cursor, BRACKET)) return false;
    if (skipByte(cursor, BRACKET_END)) return true;
    let different = 0;
    /** Where the last one stands in the line, and the word that says how often. */
    let [begin, end, times] = [0, 0, 0];
    do {
      if (different > 0 && repeats(cursor, begin, end)) {
        words[times] = (words[times] ?? 0) + 1;
        continue;
      }
      begin = cursor.at;
      times = used;
      add(1);
      if (!readSequence()) return false;
      end = cursor.at;
      different += 1;
    } while (skipByte(cursor, COMMA));
    words[at] = different;
    return skipByte(cursor, BRACKET_END);
  };

  const callNumbers = new Float64Array(CALL.names.length);
  const readSample = (): boolean => {
    if (!skipByte(cursor, BRACE)) return false;
    const at = used;
    used += HEADER_WORDS;
    words[at + SAMPLING_WORD] = ABSENT;
    let key = FIRST;
    let seen = 0;
    for (;;) {
      const previous = key;
      key = nextKey(SAMPLE.bytes, previous);
      // Their words follow one another, so the keys have to.
      if (key <= previous) break;
      seen |= 1 << key;
      switch (SAMPLE.names[key]) {
        case 'call': {
          if (!counts(CALL, callNumbers)) return false;
          const [start_ns = ABSENT, end_ns = ABSENT] = callNumbers;
          if (start_ns < 0 || end_ns < 0) return false;
          words[at] = start_ns;
          words[at + 1] = end_ns;
          break;
        }
        case 'steps_ns':
          if (!list(step)) return false;
          break;
        case 'sequences':
          if (!readSequences()) return false;
          break;
        case 'sampling_ns': {
          const sampling_ns = count(cursor);
          if (sampling_ns < 0) return false;
          words[at + SAMPLING_WORD] = sampling_ns;
          break;
        }
        case 'tokensDigest': {
          const digest = plainText(cursor, lastDigest);
          if (digest === undefined) return false;
          words[at + DIGEST_WORD] = numberOf(digests, digest);
          break;
        }
        case undefined:
          return false;
      }
    }
    return key === END && (seen | SAMPLING_KEY) === ALL_SAMPLE_KEYS;
  };

  const readNoise = (): boolean => {
    if (!skipByte(cursor, BRACE)) return false;
    add(1);
    const at = used;
    used += NOISE.names.length;
    words.fill(Number.NaN, at, used);
    let key = nextKey(NOISE.bytes, FIRST);
    for (; key >= 0; key = nextKey(NOISE.bytes, key)) {
      if (!Number.isNaN(words[at + key])) return false;
      const value = IS_COUNT[key] === true ? count(cursor) : decimal(cursor);
      if (Number.isNaN(value) || (IS_COUNT[key] === true && value < 0)) return false;
      words[at + key] = value;
    }
    return key === END && !Number.isNaN(words[at]);
  };

  const reason = (): boolean => {
    const number = oneOf(cursor, REASONS.bytes, 0);
    add(number);
    return number >= 0;
  };

  const readLine = (): RepeatHead | undefined => {
    let launch: string | undefined;
    let cellKey: string | undefined;
    let phase = ABSENT;
    let repeat = ABSENT;
    let remeasures = ABSENT;
    let reasonsAt = 0;
    let marked = false;
    let key = FIRST;
    let seen = 0;
    for (;;) {
      const previous = key;
      key = nextKey(REPEAT.bytes, previous);
      if (key <= previous) break;
      seen |= 1 << key;
      switch (REPEAT.names[key]) {
        case 'launch':
          launch = plainText(cursor, launches);
          if (launch === undefined) return undefined;
          break;
        case 'phase':
          phase = oneOf(cursor, PHASES.bytes, 0);
          if (phase < 0) return undefined;
          break;
        case 'cellKey':
          cellKey = plainText(cursor, cells);
          if (cellKey === undefined) return undefined;
          break;
        case 'repeat':
          repeat = count(cursor);
          if (repeat < 0) return undefined;
          break;
        case 'sample':
          if (!readSample()) return undefined;
          break;
        case 'noise':
          if (!readNoise()) return undefined;
          break;
        case 'disturbedBy':
          if ((seen & NOISE_KEY) === 0) add(0);
          reasonsAt = used;
          if (!list(reason) || words[reasonsAt] === 0) return undefined;
          marked = true;
          break;
        case 'remeasures':
          remeasures = count(cursor);
          if (remeasures < 0) return undefined;
          marked = true;
          break;
        case undefined:
          return undefined;
      }
    }
    if (key !== END || (seen | OPTIONAL_KEYS) !== ALL_KEYS) return undefined;
    if ((seen & DISTURBED_KEY) === 0) {
      if ((seen & NOISE_KEY) === 0) add(0);
      add(0);
    }
    add(remeasures);
    const phaseName = PHASES.names[phase];
    if (launch === undefined || cellKey === undefined || phaseName === undefined) return undefined;
    return { launch, phase: phaseName, cellKey, repeat, marked };
  };

  return (bytes, from, to) => {
    cursor.bytes = bytes;
    cursor.at = from;
    if (!skip(cursor, BEGIN)) return undefined;
    makeRoom(room, to - from + WORDS_WITHOUT_BYTES);
    words = room.words;
    used = room.length;
    const head = readLine();
    if (head === undefined || cursor.at !== to) return undefined;
    room.length = used;
    return head;
  };
}

/** By index in `NOISE`. */
const IS_COUNT: readonly boolean[] = NOISE.names.map(
  (name) => name === 'window_ns' || NOISE_FIGURES[name].quantity === 'count',
);

/** Whether the bytes of [begin, end) stand there once more; moves behind them. */
function repeats(cursor: ByteCursor, begin: number, end: number): boolean {
  const { bytes, at } = cursor;
  for (let i = 0; i < end - begin; i += 1) if (bytes[at + i] !== bytes[begin + i]) return false;
  cursor.at = at + end - begin;
  return true;
}
