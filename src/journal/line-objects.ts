/** Objects and lists of a line, read from its bytes into words. Every function says whether what it reads stands there. */
import { type ByteCursor, count, oneOf, skipByte } from './byte-cursor.ts';
import { ABSENT } from './packed-repeats.ts';

/** A line that is being read: its bytes, and the words that it became so far. */
export interface LineCursor extends ByteCursor {
  words: Float64Array;
  /** Words that are in use. */
  used: number;
}

const COMMA = 0x2c;
const BRACE = 0x7b;
const BRACE_END = 0x7d;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;

/** In place of the index of a key: before the first key, behind the last, and where something else stands. */
export const FIRST = -1;
export const END = -2;
const OTHER = -3;

/** Adds a word to what the line became. */
export function add(line: LineCursor, word: number): void {
  line.words[line.used] = word;
  line.used += 1;
}

/** Reads the brace of an object; false where none stands. */
export const beginObject = (line: LineCursor): boolean => skipByte(line, BRACE);

/** Moves behind the next key of an object whose brace was read; `previous` is the index of the key before. */
export function nextKey(line: LineCursor, names: readonly Uint8Array[], previous: number): number {
  if (previous !== FIRST) {
    if (skipByte(line, BRACE_END)) return END;
    if (!skipByte(line, COMMA)) return OTHER;
  }
  const index = oneOf(line, names, previous + 1 === names.length ? 0 : previous + 1);
  return index === -1 ? OTHER : index;
}

/** Reads an object of whole numbers into `into`, by the index of the key in `names`. */
export function counts(line: LineCursor, names: readonly Uint8Array[], into: Float64Array): boolean {
  if (!beginObject(line)) return false;
  into.fill(ABSENT);
  let key = nextKey(line, names, FIRST);
  for (; key >= 0; key = nextKey(line, names, key)) if (!countInto(line, into, key)) return false;
  return key === END;
}

/** Reads a whole number into `into`, where none stands yet. */
export function countInto(line: LineCursor, into: Float64Array, index: number): boolean {
  if (into[index] !== ABSENT) return false;
  const value = count(line);
  into[index] = value;
  return value >= 0;
}

/** Reads `[...]`, whose items `item` reads, and puts their number before what it added. */
export function list(line: LineCursor, item: (line: LineCursor) => boolean): boolean {
  const at = line.used;
  add(line, 0);
  if (!skipByte(line, BRACKET)) return false;
  if (skipByte(line, BRACKET_END)) return true;
  let items = 0;
  do {
    if (!item(line)) return false;
    items += 1;
  } while (skipByte(line, COMMA));
  line.words[at] = items;
  return skipByte(line, BRACKET_END);
}

/**
 * As `list`, but an item whose bytes are those of the one before is not read again: the word before what an item added says
 * how often it stands, and the number before all of them counts the different neighbours.
 */
export function listOfNeighbours(line: LineCursor, item: (line: LineCursor) => boolean): boolean {
  /** Where the last one stands in the line, and the word that says how often. */
  let [begin, end, times] = [0, 0, 0];
  let different = 0;
  const at = line.used;
  const isRead = list(line, () => {
    if (different > 0 && repeats(line, begin, end)) {
      line.words[times] = (line.words[times] ?? 0) + 1;
      return true;
    }
    begin = line.at;
    times = line.used;
    add(line, 1);
    if (!item(line)) return false;
    end = line.at;
    different += 1;
    return true;
  });
  line.words[at] = different;
  return isRead;
}

/** Whether the bytes of [begin, end) stand there once more; moves behind them. */
function repeats(line: LineCursor, begin: number, end: number): boolean {
  const { bytes, at } = line;
  for (let i = 0; i < end - begin; i += 1) if (bytes[at + i] !== bytes[begin + i]) return false;
  line.at = at + end - begin;
  return true;
}
