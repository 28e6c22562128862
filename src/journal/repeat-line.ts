/**
 * The lines that a journal mostly consists of, those of repeats, read straight from their bytes into packed words
 * (packed-repeats.ts): no text, no objects, no schema walked a million times. It accepts a part of what `recordSchema`
 * accepts, keys in the order in which they are written (those of a sequence in any), and gives the same record (a property
 * test holds them together); any other line, damaged ones with them, is left to the schema.
 */
import { count, decimal, type KnownText, oneOf, plainText, skip } from './byte-cursor.ts';
import { add, beginObject, END, FIRST, type LineCursor, list, nextKey } from './line-objects.ts';
import { NOISE_FIGURES } from './noise-figures.ts';
import { makeRoom, type RepeatHead, type RepeatPacker } from './pack-repeats.ts';
import { ABSENT } from './packed-repeats.ts';
import { BEGIN, NOISE, PHASES, REASONS, REPEAT } from './repeat-keys.ts';
import { readSample } from './sample-line.ts';

/**
 * The head of the line in [begin, end) of `bytes`, its newline excluded, its words added to the room; undefined where the
 * schema must look, the room as it was.
 */
export type RepeatLineReader = (bytes: Uint8Array, begin: number, end: number) => RepeatHead | undefined;

/** More words than bytes of a line: absent figures of noise, and counts. */
const WORDS_WITHOUT_BYTES = 64;

const bit = (index: number): number => 1 << index;
const NOISE_KEY = bit(REPEAT.names.indexOf('noise'));
const DISTURBED_KEY = bit(REPEAT.names.indexOf('disturbedBy'));
const OPTIONAL_KEYS = NOISE_KEY | DISTURBED_KEY | bit(REPEAT.names.indexOf('remeasures'));
const ALL_KEYS = bit(REPEAT.names.length) - 1;

/** A reader of lines into the room of a packer, which has to keep each of them. */
export function repeatLineReader({ room, digests }: RepeatPacker): RepeatLineReader {
  const line: LineCursor = { bytes: new Uint8Array(0), at: 0, words: room.words, used: 0 };
  const known = (): KnownText => ({ text: '', quoted: new Uint8Array(0) });
  const [launches, cells, lastDigest] = [known(), known(), known()];

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
      key = nextKey(line, REPEAT.bytes, previous);
      if (key <= previous) break;
      seen |= 1 << key;
      switch (REPEAT.names[key]) {
        case 'launch':
          launch = plainText(line, launches);
          if (launch === undefined) return undefined;
          break;
        case 'phase':
          phase = oneOf(line, PHASES.bytes, 0);
          if (phase < 0) return undefined;
          break;
        case 'cellKey':
          cellKey = plainText(line, cells);
          if (cellKey === undefined) return undefined;
          break;
        case 'repeat':
          repeat = count(line);
          if (repeat < 0) return undefined;
          break;
        case 'sample':
          if (!readSample(line, digests, lastDigest)) return undefined;
          break;
        case 'noise':
          if (!readNoise(line)) return undefined;
          break;
        case 'disturbedBy':
          if ((seen & NOISE_KEY) === 0) add(line, 0);
          reasonsAt = line.used;
          if (!list(line, readReason) || line.words[reasonsAt] === 0) return undefined;
          marked = true;
          break;
        case 'remeasures':
          remeasures = count(line);
          if (remeasures < 0) return undefined;
          marked = true;
          break;
        case undefined:
          return undefined;
      }
    }
    if (key !== END || (seen | OPTIONAL_KEYS) !== ALL_KEYS) return undefined;
    if ((seen & DISTURBED_KEY) === 0) {
      if ((seen & NOISE_KEY) === 0) add(line, 0);
      add(line, 0);
    }
    add(line, remeasures);
    const phaseName = PHASES.names[phase];
    if (launch === undefined || cellKey === undefined || phaseName === undefined) return undefined;
    return { launch, phase: phaseName, cellKey, repeat, marked };
  };

  return (bytes, from, to) => {
    line.bytes = bytes;
    line.at = from;
    if (!skip(line, BEGIN)) return undefined;
    makeRoom(room, to - from + WORDS_WITHOUT_BYTES);
    line.words = room.words;
    line.used = room.length;
    const head = readLine();
    if (head === undefined || line.at !== to) return undefined;
    room.length = line.used;
    return head;
  };
}

/** By index in `NOISE`. */
const IS_COUNT: readonly boolean[] = NOISE.names.map(
  (name) => name === 'window_ns' || NOISE_FIGURES[name].quantity === 'count',
);

/** Adds 1 and the figures of noise that stand there; NaN for those that were not read. */
function readNoise(line: LineCursor): boolean {
  if (!beginObject(line)) return false;
  add(line, 1);
  const at = line.used;
  line.used += NOISE.names.length;
  const { words } = line;
  words.fill(Number.NaN, at, line.used);
  let key = nextKey(line, NOISE.bytes, FIRST);
  for (; key >= 0; key = nextKey(line, NOISE.bytes, key)) {
    if (!Number.isNaN(words[at + key])) return false;
    const value = IS_COUNT[key] === true ? count(line) : decimal(line);
    if (Number.isNaN(value) || (IS_COUNT[key] === true && value < 0)) return false;
    words[at + key] = value;
  }
  return key === END && !Number.isNaN(words[at]);
}

/** Adds the number of the reason that stands there. */
function readReason(line: LineCursor): boolean {
  const number = oneOf(line, REASONS.bytes, 0);
  add(line, number);
  return number >= 0;
}
