/**
 * The few forms of JSON that a repeat's line is made of, read from bytes as `JSON.stringify` writes them: no white space,
 * no escapes, no sign or exponent in whole numbers. Each function moves the cursor behind what it read, or says that
 * something else stands there and leaves the cursor anywhere: the line is then read in the general way.
 */

export interface ByteCursor {
  bytes: Uint8Array;
  at: number;
}

/** `text` as bytes of ASCII. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const ZERO = 0x30;
const NINE = 0x39;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** The first byte that is not ASCII. */
const BEYOND_ASCII = 0x80;
/** Digits whose number always fits a double exactly. */
const EXACT_DIGITS = 15;
/** Digits that are summed as small integers. */
const SMALL_DIGITS = 9;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

/** Whether `expected` stands there. */
export function skip(cursor: ByteCursor, expected: Uint8Array): boolean {
  const { bytes, at } = cursor;
  for (let i = 0; i < expected.length; i += 1) if (bytes[at + i] !== expected[i]) return false;
  cursor.at = at + expected.length;
  return true;
}

/** Whether the one byte stands there. */
export function skipByte(cursor: ByteCursor, expected: number): boolean {
  if (cursor.bytes[cursor.at] !== expected) return false;
  cursor.at += 1;
  return true;
}

/** Which of `choices` stands there, tried from `first` on in a circle; -1 for none. */
export function oneOf(cursor: ByteCursor, choices: readonly Uint8Array[], first: number): number {
  const count = choices.length;
  for (let i = 0; i < count; i += 1) {
    const index = first + i < count ? first + i : first + i - count;
    const choice = choices[index];
    if (choice !== undefined && skip(cursor, choice)) return index;
  }
  return -1;
}

/** A whole number of 0 to 15 digits' worth; -1 for anything else (the number may go on: the caller checks what follows). */
export function count(cursor: ByteCursor): number {
  const { bytes } = cursor;
  const begin = cursor.at;
  let at = begin;
  let high = 0;
  for (; at < begin + SMALL_DIGITS; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    high = high * 10 + digit;
  }
  if (at === begin || (bytes[begin] === ZERO && at > begin + 1)) return -1;
  const middle = at;
  let low = 0;
  if (at === begin + SMALL_DIGITS) {
    for (; at <= begin + EXACT_DIGITS; at += 1) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      low = low * 10 + digit;
    }
  }
  if (at - begin > EXACT_DIGITS) return -1;
  cursor.at = at;
  return at === middle ? high : high * (POWERS[at - middle] ?? Number.NaN) + low;
}

/** Any finite number in JSON's grammar; NaN for anything else. */
export function decimal(cursor: ByteCursor): number {
  const { bytes } = cursor;
  const begin = cursor.at;
  let at = bytes[begin] === 0x2d ? begin + 1 : begin;
  const whole = digits(bytes, at);
  if (whole === at || (bytes[at] === ZERO && whole > at + 1)) return Number.NaN;
  at = whole;
  if (bytes[at] === 0x2e) {
    const end = digits(bytes, at + 1);
    if (end === at + 1) return Number.NaN;
    at = end;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const sign = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? at + 2 : at + 1;
    const end = digits(bytes, sign);
    if (end === sign) return Number.NaN;
    at = end;
  }
  cursor.at = at;
  const value = Number(asciiText(bytes, begin, at));
  return Number.isFinite(value) ? value : Number.NaN;
}

function digits(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; ; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) return at;
  }
}

/** Text of ASCII without escapes; undefined for anything else. `before` is given back where it is the same text. */
export function plainText(cursor: ByteCursor, before: KnownText): string | undefined {
  if (!skipByte(cursor, QUOTE)) return undefined;
  const { bytes, at: begin } = cursor;
  if (before.quoted.length > 0 && skip(cursor, before.quoted)) return before.text;
  let end = begin;
  for (; ; end += 1) {
    const byte = bytes[end] ?? 0;
    if (byte === QUOTE) break;
    if (byte < SPACE || byte >= BEYOND_ASCII || byte === BACKSLASH) return undefined;
  }
  before.text = asciiText(bytes, begin, end);
  before.quoted = bytes.slice(begin, end + 1);
  cursor.at = end + 1;
  return before.text;
}

/** The last text of a field: neighbouring lines mostly share it, and then one string serves them all. */
export interface KnownText {
  text: string;
  /** Its bytes with the closing quote; empty before the first. */
  quoted: Uint8Array;
}

const asciiText = (bytes: Uint8Array, begin: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(begin, end));
