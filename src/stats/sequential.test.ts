import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentValue } from '../kernel/maybe.ts';
import { randomStream } from '../kernel/random.ts';
import { meanInterval } from './mean-interval.ts';
import { levelAtLook, sequentialDesign } from './sequential.ts';
import { twoSidedFactor } from './student-t.ts';

describe('sequentialDesign', () => {
  it('is the plain t interval where there is one look', () => {
    const { looks } = sequentialDesign(6, 6);
    expect(looks.map(({ launches }) => launches)).toEqual([6]);
    expect(looks[0]?.level).toBeCloseTo(0.95, 4);
  });

  it('spends at the first look what the spending function gives it', () => {
    const { looks } = sequentialDesign(3, 10);
    expect(looks.map(({ launches }) => launches)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(1 - looks[0]!.level).toBeCloseTo(0.05 * 0.3, 5);
  });

  it('makes every interval wider than one without looks, the last by less than half', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 0, max: 8 }), (first, more) => {
        const { looks, maximum } = sequentialDesign(first, first + more, 0.9);
        for (const { launches, level } of looks) {
          expect(level).toBeGreaterThan(0.9 - 1e-3);
          expect(level).toBeLessThan(1);
          if (launches < maximum) continue;
          const factor = twoSidedFactor(level, launches - 1) / twoSidedFactor(0.9, launches - 1);
          expect(factor).toBeLessThan(launches > 3 ? 1.5 : 2.5);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('covers the truth at every look of 95 % of 4,000 worlds', () => {
    const design = sequentialDesign(3, 10);
    const random = randomStream(11, 'sequential');
    let covered = 0;
    for (let world = 0; world < 4000; world += 1) {
      const values = Array.from({ length: design.maximum }, () => [5 + random.normal()]);
      const isCovered = design.looks.every(({ launches, level }) => {
        const estimate = presentValue(meanInterval(values.slice(0, launches), level))!;
        const { low, high } = presentValue(estimate.interval)!;
        return low <= 5 && 5 <= high;
      });
      if (isCovered) covered += 1;
    }
    // The standard error of the share is 0.35 %.
    expect(covered / 4000).toBeGreaterThan(0.94);
    expect(covered / 4000).toBeLessThan(0.96);
  });

  it('peer fault: stopping when it looks good (an ordinary interval at each of 8 looks misses in 17 % of worlds)', () => {
    const random = randomStream(12, 'naive');
    let missed = 0;
    for (let world = 0; world < 4000; world += 1) {
      const values = Array.from({ length: 10 }, () => [5 + random.normal()]);
      const misses = [3, 4, 5, 6, 7, 8, 9, 10].some((launches) => {
        const { low, high } = presentValue(presentValue(meanInterval(values.slice(0, launches)))!.interval)!;
        return 5 < low || high < 5;
      });
      if (misses) missed += 1;
    }
    expect(missed / 4000).toBeGreaterThan(0.15);
    expect(missed / 4000).toBeLessThan(0.18);
  });

  it('has no look before the first nor after the last', () => {
    const design = sequentialDesign(3, 5);
    expect(levelAtLook(design, 2)).toMatchObject({
      kind: 'missing',
      reason: { en: 'no look before 3 launches' },
    });
    expect(levelAtLook(design, 6)).toMatchObject({
      kind: 'missing',
      reason: { en: 'looks were planned up to 5 launches' },
    });
    expect(levelAtLook(design, 5).kind).toBe('value');
    expect(() => sequentialDesign(1, 5)).toThrow(RangeError);
    expect(() => sequentialDesign(5, 4)).toThrow(RangeError);
  });
});
