import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_VALUES, dequantiseQ4_0, dequantiseQ8_0, quantiseQ4_0, quantiseQ8_0 } from './blocks.ts';

/** Whole blocks of ordinary weights. */
const blocks = fc
  .array(
    fc.array(fc.float({ noNaN: true, min: -1000, max: 1000 }), {
      minLength: BLOCK_VALUES,
      maxLength: BLOCK_VALUES,
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((rows) => Float32Array.from(rows.flat()));

const largestOf = (values: Float32Array, block: number): number =>
  Math.max(...values.subarray(block * BLOCK_VALUES, (block + 1) * BLOCK_VALUES).map(Math.abs));

/** Relative rounding of a float16, plus its smallest step for tiny scales. */
const scaleError = (scale: number): number => scale * 2 ** -11 + 2 ** -25;

describe('q8_0', () => {
  it('keeps every value within half a step, but for the rounding of the scale', () => {
    fc.assert(
      fc.property(blocks, (values) => {
        const back = dequantiseQ8_0(quantiseQ8_0(values));
        values.forEach((value, i) => {
          const step = largestOf(values, Math.floor(i / BLOCK_VALUES)) / 127;
          expect(Math.abs(value - back[i]!)).toBeLessThanOrEqual(step * 0.50001 + 127 * scaleError(step));
        });
      }),
    );
  });

  it('stores the scale first, then the values in order, halves away from zero', () => {
    const values = new Float32Array(32);
    values.set([127, -127, 1.5, -1.5, 0.49]);
    const bytes = quantiseQ8_0(values);
    expect([...bytes.subarray(0, 8)]).toEqual([0x00, 0x3c, 127, 0x81, 2, 0xfe, 0, 0]);
    expect(bytes.byteLength).toBe(34);
  });

  it('makes zeros of a block of zeros', () => {
    expect([...dequantiseQ8_0(quantiseQ8_0(new Float32Array(64)))].every((value) => value === 0)).toBe(true);
  });
});

describe('q4_0', () => {
  it('keeps every value within one step (half of one on the side of the largest)', () => {
    fc.assert(
      fc.property(blocks, (values) => {
        const back = dequantiseQ4_0(quantiseQ4_0(values));
        values.forEach((value, i) => {
          const step = largestOf(values, Math.floor(i / BLOCK_VALUES)) / 8;
          expect(Math.abs(value - back[i]!)).toBeLessThanOrEqual(step * 1.00001 + 8 * scaleError(step));
        });
      }),
    );
  });

  it('stores value i in the low and value i + 16 in the high nibble of byte i', () => {
    const values = new Float32Array(32);
    values.set([-8, 7, 0], 0);
    values.set([1, -2], 16);
    const bytes = quantiseQ4_0(values);
    // Scale 1; values are stored plus 8.
    expect([...bytes.subarray(0, 5)]).toEqual([0x00, 0x3c, 0x90, 0x6f, 0x88]);
    expect(bytes.byteLength).toBe(18);
  });

  it('gives the value of largest magnitude back exactly, whatever its sign', () => {
    for (const sign of [1, -1]) {
      const values = new Float32Array(32).fill(0.25 * sign);
      values[9] = 4 * sign;
      expect(dequantiseQ4_0(quantiseQ4_0(values))[9]).toBe(4 * sign);
    }
  });
});
