/** Byte fallback: a character that the vocabulary lacks is written as one piece per byte of its UTF-8, `<0xE3>`. */

const BYTE_PIECE = /^<0x([0-9A-F]{2})>$/;
const CHARACTER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const REPLACEMENT = '\uFFFD';

/** The byte of `<0xE3>`, or undefined where the piece is none. */
export function byteOfPiece(piece: string): number | undefined {
  const digits = BYTE_PIECE.exec(piece)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

/** `<0xE3>` of a byte. */
export const pieceOfByte = (byte: number): string =>
  `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

/** Text of `bytes`, one U+FFFD for each byte that belongs to no whole character (as SentencePiece does). */
export function decodeBytes(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes[at] ?? 0);
    const character = length === 0 ? undefined : tryDecode(bytes.slice(at, at + length));
    text += character ?? REPLACEMENT;
    at += character === undefined ? 1 : length;
  }
  return text;
}

/** Bytes of the character that starts with `lead`; 0 where none does. */
function characterLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

function tryDecode(bytes: readonly number[]): string | undefined {
  try {
    return CHARACTER.decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** All of `bytes` as text, or one U+FFFD for each byte where any is wrong (as the tokenizers library does). */
export const decodeBytesWhole = (bytes: readonly number[]): string =>
  tryDecode(bytes) ?? REPLACEMENT.repeat(bytes.length);
