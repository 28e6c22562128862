/**
 * SentencePiece's precompiled character map: which run of characters is replaced by which text (NFKC and exceptions).
 * The bytes: length of a trie (uint32, little endian), the trie, then the replacements, each ended by a zero byte. The
 * trie is a double array of uint32 units over UTF-8 bytes, its values are offsets into the replacements.
 * Source of the format: sentencepiece, src/normalizer.cc; of the units: s-yata/darts-clone, include/darts.h.
 * What this does not do: spaces and dummy prefixes, which are the business of the normaliser.
 */

export interface CharacterMap {
  /** The longest run at `bytes[at..]` that is replaced: its length in bytes and its replacement. */
  longest(bytes: Uint8Array, at: number): Replacement | undefined;
  /** The shortest one. */
  shortest(bytes: Uint8Array, at: number): Replacement | undefined;
}

export interface Replacement {
  readonly length: number;
  readonly text: string;
}

const HEADER_BYTES = 4;
const UNIT_BYTES = 4;

/** Reads a map; undefined for an empty one, which replaces nothing. @throws RangeError where the bytes lie */
export function characterMap(bytes: Uint8Array): CharacterMap | undefined {
  if (bytes.byteLength === 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const trieBytes = view.getUint32(0, true);
  if (trieBytes % UNIT_BYTES !== 0 || HEADER_BYTES + trieBytes > bytes.byteLength) {
    throw new RangeError(`a character map of ${bytes.byteLength} bytes has no trie of ${trieBytes} bytes`);
  }
  const units = Uint32Array.from({ length: trieBytes / UNIT_BYTES }, (_, i) =>
    view.getUint32(HEADER_BYTES + UNIT_BYTES * i, true),
  );
  const texts = bytes.subarray(HEADER_BYTES + trieBytes);
  const find = (input: Uint8Array, at: number, enough: boolean): Replacement | undefined => {
    let node = offsetOf(units[0] ?? 0);
    let found: { readonly length: number; readonly value: number } | undefined;
    for (let i = at; i < input.length; i += 1) {
      const byte = input[i] ?? 0;
      node ^= byte;
      const unit = units[node];
      if (unit === undefined || labelOf(unit) !== byte) break;
      node ^= offsetOf(unit);
      if (!hasLeaf(unit)) continue;
      found = { length: i + 1 - at, value: (units[node] ?? 0) & 0x7f_ff_ff_ff };
      if (enough) break;
    }
    return found === undefined ? undefined : { length: found.length, text: textAt(texts, found.value) };
  };
  return {
    longest: (input, at) => find(input, at, false),
    shortest: (input, at) => find(input, at, true),
  };
}

const hasLeaf = (unit: number): boolean => ((unit >>> 8) & 1) === 1;
/** A unit that holds a value has its highest bit set, and no byte equals that label. */
const labelOf = (unit: number): number => (unit & 0x80_00_00_ff) >>> 0;
const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 512) >>> 6);

function textAt(texts: Uint8Array, offset: number): string {
  const end = texts.indexOf(0, offset);
  return Buffer.from(texts.subarray(offset, end === -1 ? texts.length : end)).toString('utf8');
}

/** Graphemes of fewer bytes are looked up whole, longer ones character by character. */
const WHOLE_GRAPHEME_BYTES = 6;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The map as the `Precompiled` normaliser of the tokenizers library applies it: by grapheme, with the shortest run that
 * its start is. Source: huggingface/tokenizers, src/normalizers/precompiled.rs.
 */
export function normaliseByGrapheme(map: CharacterMap, text: string): string {
  const replaced = (part: string): string => map.shortest(Buffer.from(part, 'utf8'), 0)?.text ?? part;
  const whole = (grapheme: string): string | undefined => {
    const bytes = Buffer.from(grapheme, 'utf8');
    return bytes.length < WHOLE_GRAPHEME_BYTES ? map.shortest(bytes, 0)?.text : undefined;
  };
  return Array.from(
    graphemes.segment(text),
    ({ segment }) => whole(segment) ?? Array.from(segment, replaced).join(''),
  ).join('');
}
