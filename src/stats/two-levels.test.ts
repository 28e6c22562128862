import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentValue } from '../kernel/maybe.ts';
import { randomStream } from '../kernel/random.ts';
import { bestRepeats, twoLevels } from './two-levels.ts';

const exp = (rows: readonly (readonly (readonly number[])[])[]) =>
  rows.map((row) => row.map((values) => values.map(Math.exp)));

describe('twoLevels', () => {
  it('splits the variance of one cell by hand', () => {
    // Launch means 1, 3, 5 (variance 4), within 2 about each: 4 - 2 / 2 is left between.
    const [levels] = [
      twoLevels(
        exp([
          [
            [0, 2],
            [2, 4],
            [4, 6],
          ],
        ]),
      ),
    ];
    expect(presentValue(levels)?.within).toBeCloseTo(2, 12);
    expect(presentValue(levels)?.between).toBeCloseTo(3, 12);
  });

  it('takes out what a block does to all of its launches, and how far apart the cells are', () => {
    const blocks = [0, 3, 1, 5];
    const own = [0.1, -0.2, 0.3, 0];
    const cells = (apart: number) =>
      exp([
        blocks.map((block, i) => [block + own[i]!, block + own[i]! + 0.2]),
        blocks.map((block) => [block + apart, block + apart + 0.2]),
      ]);
    const levels = presentValue(twoLevels(cells(0)))!;
    // Half of the variance of the differences, 0.13 / 3, less 0.02 / 2 for the repeats.
    expect(levels.between).toBeCloseTo(0.13 / 6 - 0.01, 12);
    expect(presentValue(twoLevels(cells(2)))!.between).toBeCloseTo(levels.between, 12);
    expect(presentValue(twoLevels(cells(2)))!.within).toBeCloseTo(0.02, 12);
  });

  it('does not depend on which of two cells is called the first, nor on their speed', () => {
    const launch = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 2, maxLength: 5 });
    const cell = fc.array(launch, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(cell, cell, fc.double({ min: 0.1, max: 10, noNaN: true }), (a, b, factor) => {
        const [one, other] = [
          presentValue(twoLevels([a, b]))!,
          presentValue(twoLevels([b.map((values) => values.map((value) => factor * value)), a]))!,
        ];
        expect(other.between).toBeCloseTo(one.between, 9);
        expect(other.within).toBeCloseTo(one.within, 9);
      }),
    );
  });

  it('finds the variances of simulated launches', () => {
    const random = randomStream(1, 'two levels');
    const cell = () =>
      Array.from({ length: 400 }, () => {
        const launch = 0.03 * random.normal();
        return Array.from({ length: 3 }, () => Math.exp(launch + 0.05 * random.normal()));
      });
    const levels = presentValue(twoLevels([cell(), cell()]))!;
    expect(Math.sqrt(levels.within)).toBeCloseTo(0.05, 2);
    expect(Math.sqrt(levels.between)).toBeCloseTo(0.03, 2);
  });

  it('is missing where two blocks or two repeats are', () => {
    expect(twoLevels([])).toMatchObject({ kind: 'missing' });
    expect(twoLevels([[[1, 2]]])).toMatchObject({ kind: 'missing', reason: { en: 'needs two blocks' } });
    expect(twoLevels([[[1], [2]]])).toMatchObject({
      kind: 'missing',
      reason: { en: 'no launch has two repeats' },
    });
  });
});

describe('bestRepeats', () => {
  it('is the number with the least variance for the time', () => {
    const levels = { between: 0.0004, within: 0.0025 };
    const variancePerTime = (n: number) => (levels.between + levels.within / n) * (5 + n);
    const best = bestRepeats(levels, 5);
    expect(best).toBeCloseTo(Math.sqrt(5 * 6.25), 12);
    for (const n of [0.9 * best, 1.1 * best])
      expect(variancePerTime(n)).toBeGreaterThan(variancePerTime(best));
  });

  it('asks for none where repeats do not differ, and for all where launches do not', () => {
    expect(bestRepeats({ between: 1, within: 0 }, 5)).toBe(0);
    expect(bestRepeats({ between: 0, within: 0 }, 5)).toBe(0);
    expect(bestRepeats({ between: 0, within: 1 }, 5)).toBe(Number.POSITIVE_INFINITY);
  });
});
