import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bfloat16ToFloat32, float32ToBfloat16 } from './bfloat16.ts';
import { float16ToFloat32, float32ToFloat16 } from './float16.ts';
import { decodeFloats, encodeFloats } from './tensor-values.ts';

type Decode = (source: Uint16Array, target: Float32Array) => void;
type Encode = (source: Float32Array, target: Uint16Array) => void;

const decodeAll = (decode: Decode): Float32Array => {
  const target = new Float32Array(65536);
  decode(
    Uint16Array.from({ length: 65536 }, (_, bits) => bits),
    target,
  );
  return target;
};

const encodeOne = (encode: Encode, value: number): number => {
  const target = new Uint16Array(1);
  encode(Float32Array.of(value), target);
  return target[0]!;
};

/** Any bit pattern of binary32 that is a number. */
const anyFloat = fc
  .integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  .map((bits) => new Float32Array(Int32Array.of(bits).buffer)[0]!);

describe.each([
  ['float16', float16ToFloat32, float32ToFloat16, 0x7c00],
  ['bfloat16', bfloat16ToFloat32, float32ToBfloat16, 0x7f80],
] as const)('%s', (_, decode, encode, infinity) => {
  const all = decodeAll(decode);

  it('returns every value to its own bits, and NaN to a NaN', () => {
    const target = new Uint16Array(65536);
    encode(all, target);
    for (let bits = 0; bits < 65536; bits += 1) {
      if (Number.isNaN(all[bits])) expect(target[bits]! & 0x7fff).toBeGreaterThan(infinity);
      else if (target[bits] !== bits) expect(target[bits]).toBe(bits);
    }
  });

  it('rounds to the nearest value, ties to even', () => {
    fc.assert(
      fc.property(anyFloat, (value) => {
        if (Number.isNaN(value)) return;
        const bits = encodeOne(encode, value) & 0x7fff;
        const magnitude = Math.abs(value);
        // The next values up and down; past the largest finite one the grid goes on as if there were more exponents.
        const grid = (index: number): number =>
          index < infinity ? all[index]! : 2 * all[infinity - 1]! - all[infinity - 2]!;
        if (bits < infinity) {
          const distance = Math.abs(magnitude - grid(bits));
          for (const other of [bits - 1, bits + 1].filter((index) => index >= 0)) {
            const further = Math.abs(magnitude - grid(other));
            expect(distance < further || (distance === further && bits % 2 === 0)).toBe(true);
          }
        } else expect(magnitude).toBeGreaterThanOrEqual((grid(infinity) + grid(infinity - 1)) / 2);
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps the sign, of zero too', () => {
    expect(encodeOne(encode, -0)).toBe(0x8000);
    expect(encodeOne(encode, Number.NEGATIVE_INFINITY)).toBe(0x8000 | infinity);
    expect(Object.is(all[0x8000], -0)).toBe(true);
  });
});

describe('known values', () => {
  it.each([
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [2 ** -25 * 1.0001, 1],
    [1.5 * 2 ** -24, 2],
    [2 ** -14, 0x0400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
  ])('%d is %i in float16', (value, bits) => {
    expect(encodeOne(float32ToFloat16, value)).toBe(bits);
  });
});

describe('tensor values', () => {
  it.each(['F32', 'F16', 'BF16'] as const)('%s survives any alignment', (dtype) => {
    const bytes = encodeFloats(Float32Array.of(0, 1, -2.5, 0.125), dtype);
    for (const shift of [0, 1, 2, 3]) {
      const moved = new Uint8Array(bytes.byteLength + shift);
      moved.set(bytes, shift);
      expect([...decodeFloats(moved.subarray(shift), dtype)]).toEqual([0, 1, -2.5, 0.125]);
    }
  });
});
