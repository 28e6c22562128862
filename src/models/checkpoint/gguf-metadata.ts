/** Key-value metadata of a GGUF header. Long arrays (a vocabulary) are counted and walked over, not kept. */
import { type ByteCursor, badHeader } from './byte-cursor.ts';

/** An array of the metadata: its first elements stand for a long one, unless its key was to be kept whole. */
export interface GgufArray {
  readonly kind: 'array';
  readonly length: number;
  readonly first: readonly GgufValue[];
}

export type GgufValue = string | number | bigint | boolean | GgufArray;

/** Limits that no real file comes near, so that a lying count ends soon. */
const MAXIMUM_KEYS = 65_536;
const MAXIMUM_KEY_BYTES = 65_535;
const MAXIMUM_TEXT_BYTES = 16 * 1024 * 1024;
const MAXIMUM_ELEMENTS = 2 ** 22;
const MAXIMUM_DEPTH = 4;
const KEPT_ELEMENTS = 64;

/** Bytes of the fixed-size types, by their number in the file; 8 is text, 9 an array. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 4],
  [5, 4],
  [6, 4],
  [7, 1],
  [10, 8],
  [11, 8],
  [12, 8],
]);
const TEXT = 8;
const ARRAY = 9;

/**
 * `count` keys and values from the cursor on; arrays of the keys in `whole` with all their elements.
 * @throws HayasaError `checkpoint/truncated`, `checkpoint/bad-header`
 */
export function readGgufMetadata(
  cursor: ByteCursor,
  count: number,
  file: string,
  whole: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, GgufValue> {
  if (count > MAXIMUM_KEYS)
    throw badHeader(file, {
      en: `claims ${count} metadata keys (${MAXIMUM_KEYS} at most)`,
      ja: `メタデータのキーが ${count} 個となっています（上限 ${MAXIMUM_KEYS}）`,
    });
  const metadata = new Map<string, GgufValue>();
  let elements = 0;
  let kept = KEPT_ELEMENTS;

  const readArray = (depth: number): GgufArray => {
    const type = cursor.u32();
    const length = cursor.u64();
    elements += length;
    if (elements > MAXIMUM_ELEMENTS)
      throw badHeader(file, {
        en: `claims an array of ${length} elements at byte ${cursor.position}`,
        ja: `${cursor.position} バイト目の配列が ${length} 要素となっています`,
      });
    const fixed = FIXED_BYTES.get(type);
    const first: GgufValue[] = [];
    for (let i = 0; i < length; i += 1) {
      if (fixed !== undefined && i === kept) {
        cursor.skip({ en: 'an array', ja: '配列' }, (length - i) * fixed);
        break;
      }
      const value = readValue(type, depth);
      if (i < kept) first.push(value);
    }
    return { kind: 'array', length, first };
  };
  const readValue = (type: number, depth: number): GgufValue => {
    if (type === TEXT) return cursor.text({ en: 'a text', ja: '文字列' }, MAXIMUM_TEXT_BYTES);
    if (type === ARRAY) {
      if (depth === MAXIMUM_DEPTH)
        throw badHeader(file, {
          en: `arrays nested deeper than ${MAXIMUM_DEPTH}`,
          ja: `配列の入れ子が ${MAXIMUM_DEPTH} 段を超えています`,
        });
      return readArray(depth + 1);
    }
    return readFixed(cursor, type, file);
  };

  for (let i = 0; i < count; i += 1) {
    const key = cursor.text({ en: 'a key', ja: 'キー' }, MAXIMUM_KEY_BYTES);
    if (metadata.has(key))
      throw badHeader(file, {
        en: `the key ${JSON.stringify(key)} stands twice`,
        ja: `キー ${JSON.stringify(key)} が 2 回書かれています`,
      });
    kept = whole.has(key) ? MAXIMUM_ELEMENTS : KEPT_ELEMENTS;
    metadata.set(key, readValue(cursor.u32(), 0));
  }
  return metadata;
}

function readFixed(cursor: ByteCursor, type: number, file: string): GgufValue {
  switch (type) {
    case 0:
      return cursor.u8();
    case 1:
      return cursor.i8();
    case 2:
      return cursor.u16();
    case 3:
      return cursor.i16();
    case 4:
      return cursor.u32();
    case 5:
      return cursor.i32();
    case 6:
      return cursor.f32();
    case 7:
      return cursor.u8() !== 0;
    case 10:
      // As signed and back: ids and seeds use all 64 bits.
      return BigInt.asUintN(64, cursor.i64());
    case 11:
      return cursor.i64();
    case 12:
      return cursor.f64();
    default:
      throw badHeader(file, {
        en: `unknown metadata type ${type} at byte ${cursor.position - 4}`,
        ja: `${cursor.position - 4} バイト目のメタデータの型 ${type} は未知です`,
      });
  }
}
