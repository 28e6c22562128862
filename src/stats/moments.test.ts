import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentValue } from '../kernel/maybe.ts';
import { mean, variance } from './moments.ts';

/** Mean and variance of integers in exact arithmetic: n sum x^2 - (sum x)^2 over n (n - 1), as BigInt numerators. */
function exact(values: readonly bigint[]): { mean: number; variance: number } {
  const n = BigInt(values.length);
  const total = values.reduce((a, b) => a + b, 0n);
  const squares = values.reduce((a, b) => a + b * b, 0n);
  const scale = 10n ** 20n;
  return {
    mean: Number((total * scale) / n) / 1e20,
    variance: Number(((n * squares - total * total) * scale) / (n * (n - 1n))) / 1e20,
  };
}

describe('mean and variance', () => {
  it('equal exact arithmetic over integers of any size that a clock gives', () => {
    const nanoseconds = fc.bigInt({ min: 0n, max: 2n ** 53n - 1n });
    fc.assert(
      fc.property(fc.array(nanoseconds, { minLength: 2, maxLength: 40 }), (values) => {
        const doubles = values.map(Number);
        const expected = exact(values);
        const tolerance = (value: number) => Math.abs(value) * 1e-12;
        expect(Math.abs(presentValue(mean(doubles))! - expected.mean)).toBeLessThanOrEqual(
          tolerance(expected.mean),
        );
        expect(Math.abs(presentValue(variance(doubles))! - expected.variance)).toBeLessThanOrEqual(
          tolerance(expected.variance),
        );
      }),
    );
  });

  it('keep their digits when the values share a large offset', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 20 }), (small) => {
        const shifted = small.map((value) => value + 2 ** 50);
        expect(presentValue(variance(shifted))).toBeCloseTo(presentValue(variance(small))!, 6);
      }),
    );
  });

  it('peer fault: integer overflow in variance (squares of nanoseconds pass 2^64)', () => {
    // One-pass sums in uint64 wrap here and give a standard deviation of seconds.
    const samples_ns = [60_012_345_678, 60_345_678_901, 59_876_543_210, 60_111_111_111, 60_222_222_222];
    const wrapped = BigInt.asUintN(
      64,
      samples_ns.reduce((total, x) => total + BigInt(x) * BigInt(x), 0n),
    );
    expect(wrapped).not.toBe(samples_ns.reduce((total, x) => total + BigInt(x) * BigInt(x), 0n));
    expect(presentValue(variance(samples_ns))! / exact(samples_ns.map(BigInt)).variance).toBeCloseTo(1, 12);
  });

  it('peer fault: a missing value is not 0', () => {
    expect(mean([])).toMatchObject({ kind: 'missing', reason: { en: 'no values' } });
    expect(variance([3]).kind).toBe('missing');
    expect(mean([0])).toEqual({ kind: 'value', value: 0 });
  });
});
