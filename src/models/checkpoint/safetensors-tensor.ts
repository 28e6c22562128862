/** One entry of a safetensors header: a tensor's dtype, shape and place, checked against each other. */

import { isObject } from '../../kernel/is-object.ts';
import { same, type Words } from '../../kernel/language.ts';
import { shortJson } from '../architectures/config-problems.ts';
import type { ProblemList } from './problem-list.ts';

/** Bits per element. */
const DTYPE_BITS = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;
/** By the names of the format. */
export type SafetensorsDtype = keyof typeof DTYPE_BITS;

/** A tensor of one file. */
export interface SafetensorsTensor {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly dimensions: readonly number[];
  /** From the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

/** Bytes of `dimensions` in `dtype`, or undefined where the product is no exact number of bytes. */
export function tensorBytes(dtype: SafetensorsDtype, dimensions: readonly number[]): number | undefined {
  const bits = dimensions.reduce(
    (product, dimension) => product * BigInt(dimension),
    BigInt(DTYPE_BITS[dtype]),
  );
  return bits % 8n !== 0n || bits / 8n > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(bits / 8n);
}

/** The tensor of an entry; undefined where it cannot be one. `dataOffset`: where data starts, from the start of the file. */
export function parseTensor(
  name: string,
  value: unknown,
  dataOffset: number,
  problems: ProblemList,
): SafetensorsTensor | undefined {
  if (!isObject(value)) {
    problems.add({
      path: name,
      message: { en: 'is no object', ja: 'オブジェクトではありません' },
      value: shortJson(value),
    });
    return undefined;
  }
  const { dtype, shape, data_offsets: offsets } = value;
  const wrong = (field: string, message: Words, given: unknown, allowed?: Words): void =>
    problems.add({
      path: `${name}.${field}`,
      message,
      value: shortJson(given),
      ...(allowed === undefined ? {} : { allowed }),
    });
  if (!isDtype(dtype))
    wrong(
      'dtype',
      { en: 'unknown dtype', ja: '未知の dtype です' },
      dtype,
      same(Object.keys(DTYPE_BITS).join(', ')),
    );
  if (!isCounts(shape))
    wrong(
      'shape',
      { en: 'must be a list of whole numbers from 0', ja: '0 以上の整数の並びであるべきです' },
      shape,
    );
  const extent =
    isCounts(offsets) && offsets.length === 2 ? ([offsets[0] ?? 0, offsets[1] ?? 0] as const) : undefined;
  if (extent === undefined)
    wrong(
      'data_offsets',
      { en: 'must be two whole numbers from 0', ja: '0 以上の整数 2 つであるべきです' },
      offsets,
    );
  else if (extent[1] < extent[0])
    wrong('data_offsets', { en: 'end before they begin', ja: '終わりが始まりより前です' }, offsets);
  if (!isDtype(dtype) || !isCounts(shape) || extent === undefined || extent[1] < extent[0]) return undefined;

  const byteLength = extent[1] - extent[0];
  const expected = tensorBytes(dtype, shape);
  if (expected === undefined)
    wrong(
      'shape',
      { en: `is no exact number of bytes in ${dtype}`, ja: `${dtype} でちょうどのバイト数になりません` },
      shape,
    );
  else if (expected !== byteLength) {
    wrong(
      'data_offsets',
      {
        en: `span ${byteLength} bytes, but ${dtype} ${shortJson(shape)} needs ${expected}`,
        ja: `${byteLength} バイトの範囲ですが、${dtype} ${shortJson(shape)} には ${expected} バイト必要です`,
      },
      offsets,
    );
  }
  return { name, dtype, dimensions: shape, offset: dataOffset + extent[0], byteLength };
}

const isDtype = (value: unknown): value is SafetensorsDtype =>
  typeof value === 'string' && Object.hasOwn(DTYPE_BITS, value);

const isCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);
