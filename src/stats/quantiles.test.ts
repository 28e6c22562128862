import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentValue } from '../kernel/maybe.ts';
import { guardedPercentile, minimumSamples, quantile } from './quantiles.ts';

const values = (samples: readonly number[], p: number) => [
  presentValue(quantile(samples, p, 'linear')),
  presentValue(quantile(samples, p, 'inverse-cdf')),
];

describe('quantile', () => {
  it('interpolates as numpy does, or takes a sample', () => {
    expect(values([4, 1, 3, 2], 0.5)).toEqual([2.5, 2]);
    expect(values([4, 1, 3, 2], 0.9)).toEqual([3.7, 4]);
    expect(values([4, 1, 3, 2], 0)).toEqual([1, 1]);
    expect(values([4, 1, 3, 2], 1)).toEqual([4, 4]);
    expect(values([10, 9], 0.5)).toEqual([9.5, 9]);
    expect(quantile([], 0.5).kind).toBe('missing');
  });

  it('grows with p, stays within the sample, and the inverse CDF gives samples only', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (samples, a, b) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          for (const rule of ['linear', 'inverse-cdf'] as const) {
            const below = presentValue(quantile(samples, low, rule))!;
            const above = presentValue(quantile(samples, high, rule))!;
            expect(below).toBeLessThanOrEqual(above + 1e-9);
            expect(above).toBeLessThanOrEqual(Math.max(...samples) + 1e-9);
          }
          expect(samples.map((x) => x + 0)).toContain(presentValue(quantile(samples, a, 'inverse-cdf'))! + 0);
        },
      ),
    );
  });
});

describe('minimumSamples', () => {
  it('is the least n with p^n <= 0.01', () => {
    expect([0.5, 0.9, 0.95, 0.99].map((p) => minimumSamples(p))).toEqual([7, 44, 90, 459]);
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.999, noNaN: true }), (p) => {
        const n = minimumSamples(p);
        expect(p ** n).toBeLessThanOrEqual(0.01 * (1 + 1e-9));
        expect(p ** (n - 1)).toBeGreaterThan(0.01 * (1 - 1e-9));
      }),
    );
  });

  it('guards a percentile that too few samples carry', () => {
    const samples = Array.from({ length: 90 }, (_, i) => i);
    expect(guardedPercentile(samples, 0.95)).toEqual({ kind: 'value', value: 84.55 });
    expect(guardedPercentile(samples.slice(1), 0.95)).toMatchObject({
      kind: 'missing',
      reason: { en: 'needs 90 samples for confidence 0.99, has 89' },
    });
  });
});
