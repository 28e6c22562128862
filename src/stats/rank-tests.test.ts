/** Trend, change point, signed ranks, permutations and the dip: known values, invariances, and rates under no effect. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../kernel/random.ts';
import { changePoint } from './change-point.ts';
import { dip, dipP } from './dip.ts';
import { kendallTrend } from './kendall-trend.ts';
import { permutationP } from './permutation.ts';
import { ranks } from './ranks.ts';
import { signedRankP } from './signed-rank.ts';

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 30 });
const points = (ys: readonly number[]) => ys.map((y, x) => ({ x, y }));

describe('ranks', () => {
  it('share the mean among ties', () => {
    expect(ranks([30, 10, 20, 10])).toEqual([4, 1.5, 3, 1.5]);
    expect(ranks([])).toEqual([]);
  });

  it('sum to n (n + 1) / 2', () => {
    fc.assert(
      fc.property(values, (given) => {
        const total = ranks(given).reduce((sum, rank) => sum + rank, 0);
        expect(total).toBeCloseTo((given.length * (given.length + 1)) / 2, 9);
      }),
    );
  });
});

describe('kendallTrend', () => {
  it('is the textbook: S = 10 of 5 ascending values, variance 50 / 3, z = 9 / 4.08', () => {
    const trend = kendallTrend([points([1, 3, 4, 8, 9])]);
    // Two-sided p of z = 2.2045.
    expect(trend).toMatchObject({ kind: 'value', value: { slope: 2 } });
    expect(trend.kind === 'value' ? trend.value.p : 0).toBeCloseTo(0.02749, 4);
  });

  it('adds groups of different levels up, and takes ties out of the variance', () => {
    const [a, b] = [points([1, 2, 3, 4]), points([101, 102, 103, 104])];
    const both = kendallTrend([a, b]);
    const one = kendallTrend([a]);
    if (both.kind === 'missing' || one.kind === 'missing') throw new Error('missing');
    expect(both.value.p).toBeLessThan(one.value.p);
    expect(both.value.slope).toBe(1);
    expect(kendallTrend([points([5, 5, 5])]).kind).toBe('missing');
    expect(kendallTrend([]).kind).toBe('missing');
  });

  it('turns round with the values', () => {
    fc.assert(
      fc.property(values, (given) => {
        const up = kendallTrend([points(given)]);
        const down = kendallTrend([points(given.map((value) => -value))]);
        if (up.kind === 'missing' || down.kind === 'missing') return;
        expect(down.value.p).toBeCloseTo(up.value.p, 12);
        expect(down.value.slope).toBeCloseTo(-up.value.slope, 9);
      }),
    );
  });
});

describe('changePoint', () => {
  it('finds the step', () => {
    // Ranks 1, 2, 3 around a mean of 4: -3 - 2 - 1.
    expect(changePoint([1, 2, 3, 14, 15, 16, 17])).toEqual({ before: 3, statistic: 6 });
    expect(changePoint([7, 7, 7, 7])).toEqual({ before: 1, statistic: 0 });
  });
});

describe('signedRankP', () => {
  it('is exact', () => {
    // All seven of seven: one of 2^7 sign patterns.
    expect(signedRankP([1, 2, 3, 4, 5, 6, 7])).toBeCloseTo(1 / 128, 12);
    // Negative ranks 1 and 3: sums of at most 4 have 7 of 128 patterns ({}, 1, 2, 3, 4, 12, 13).
    expect(signedRankP([2, 4, 5, 6, 7, -1, -3])).toBeCloseTo(7 / 128, 12);
    expect(signedRankP([])).toBe(1);
    expect(signedRankP([0, 0])).toBe(1);
    // Ties: both of rank 1.5, one of four patterns.
    expect(signedRankP([3, 3])).toBeCloseTo(0.25, 12);
  });
});

describe('permutationP', () => {
  it('moves values within their group only', () => {
    const sumOfFirst = ([first]: readonly number[]): number => first ?? 0;
    const stream = randomStream(1, 'test');
    expect(permutationP([5, 1, 2], ['a', 'b', 'b'], sumOfFirst, stream)).toBe(1);
    // The largest of four comes first in a quarter of all orders.
    expect(permutationP([9, 1, 2, 3], ['a', 'a', 'a', 'a'], sumOfFirst, stream)).toBeCloseTo(0.25, 1);
  });
});

describe('dip', () => {
  it('equals the reference (Python diptest 0.12, after AS 217)', () => {
    const faculty = [
      30, 33, 35, 36, 37, 37, 39, 39, 39, 39, 39, 40, 40, 40, 40, 41, 42, 43, 43, 43, 44, 44, 45, 45, 46, 47,
      47, 48, 48, 48, 49, 50, 50, 51, 52, 52, 53, 53, 53, 53, 53, 54, 54, 57, 57, 59, 60, 60, 60, 61, 61, 61,
      61, 62, 62, 62, 62, 63, 66, 70, 72, 72,
    ];
    expect(dip(faculty)).toBeCloseTo(0.06048387096774194, 12);
    expect(dip([0.1, 0.2, 0.25, 0.3, 0.9, 1.0, 1.1, 1.15])).toBeCloseTo(0.17647058823529418, 12);
    expect(dip([1, 1, 1, 9, 9, 9])).toBe(0.25);
  });

  it('lies in [1 / 2n, 1 / 4], and neither order, place nor scale changes it', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (given, scale) => {
        const whole = given.map(Math.round);
        const found = dip(whole);
        expect(found).toBeGreaterThanOrEqual(1 / (2 * whole.length));
        expect(found).toBeLessThanOrEqual(0.25);
        expect(dip([...whole].reverse().map((value) => -value * scale + 7))).toBeCloseTo(found, 9);
      }),
    );
    expect(dip([])).toBe(0);
    expect(dip([5, 5, 5])).toBe(1 / 6);
  });

  it('has a small p for two speeds, and not for one', () => {
    const stream = randomStream(3, 'test');
    const one = Array.from({ length: 40 }, () => stream.normal());
    expect(
      dipP(
        one.map((value, i) => (i % 2 === 0 ? value : value + 8)),
        stream,
      ),
    ).toBeLessThan(0.01);
    expect(dipP(one, stream)).toBeGreaterThan(0.1);
  });
});
