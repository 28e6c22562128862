import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { same } from '../kernel/language.ts';
import { presentValue } from '../kernel/maybe.ts';
import { randomStream } from '../kernel/random.ts';
import { effectiveSampleSize } from './effective-size.ts';
import { type Estimate, relativeHalfWidth } from './estimate.ts';
import { slope } from './least-squares.ts';
import { meanInterval } from './mean-interval.ts';
import { comparisonOutcome } from './outcome.ts';
import { pairedRatio } from './paired-ratio.ts';
import { degreesOfFreedom } from './satterthwaite.ts';
import { tQuantile } from './student-t.ts';

const estimateOf = (launches: readonly (readonly number[])[]): Estimate =>
  presentValue(meanInterval(launches))!;
const intervalOf = (estimate: Estimate) => presentValue(estimate.interval)!;

describe('tQuantile', () => {
  it('equals the printed tables', () => {
    expect(tQuantile(0.975, 4)).toBeCloseTo(2.776445, 6);
    expect(tQuantile(0.975, 1)).toBeCloseTo(12.706205, 6);
    expect(tQuantile(0.975, 9)).toBeCloseTo(2.262157, 6);
  });
});

describe('meanInterval', () => {
  it('is t over few launch means', () => {
    const estimate = estimateOf([
      [9, 11],
      [11, 13],
      [8, 10],
      [10, 10],
    ]);
    // Launch means 10, 12, 9, 10: mean 10.25, variance 19 / 12, half width 3.182446 * sqrt(19 / 48).
    expect(estimate.mean).toBeCloseTo(10.25, 12);
    expect(intervalOf(estimate).low).toBeCloseTo(10.25 - 3.182446 * Math.sqrt(19 / 48), 5);
    expect(intervalOf(estimate).high).toBeCloseTo(10.25 + 3.182446 * Math.sqrt(19 / 48), 5);
    expect([estimate.launches, estimate.repeats, estimate.rule.en]).toEqual([4, 8, 't over 4 launch means']);
    expect(estimate.method).toEqual({
      kind: 't-about-mean',
      launches: 4,
      degreesOfFreedom: 3,
      unequalRepeats: false,
    });
    expect(relativeHalfWidth(estimate)).toBeCloseTo((3.182446 * Math.sqrt(19 / 48)) / 10.25, 5);
  });

  it('is t about a line through five launches or more', () => {
    const estimate = estimateOf([
      [9, 11],
      [10, 12],
      [11, 13],
      [8, 10],
      [10, 10],
    ]);
    // Launch means 10, 11, 12, 9, 10: mean 10.4, slope -0.2, residual squares 4.8, half width 3.182446 * sqrt(1.6 / 5).
    expect(estimate.mean).toBeCloseTo(10.4, 12);
    expect(intervalOf(estimate).low).toBeCloseTo(10.4 - 3.182446 * Math.sqrt(0.32), 5);
    expect(intervalOf(estimate).high).toBeCloseTo(10.4 + 3.182446 * Math.sqrt(0.32), 5);
    expect(estimate.rule.en).toBe('t over 5 launch means about a line');
    // Repeats of a launch differ by 2, 2, 2, 2, 0: W = 8 / 5; A = 1.6 - 0.8.
    expect(estimate.spread?.withinLaunch).toBeCloseTo(Math.sqrt(1.6), 12);
    expect(estimate.spread?.betweenLaunches).toBeCloseTo(Math.sqrt(0.8), 12);
    // (A + W) / 1.6 launch means, five of them.
    expect(estimate.spread?.effectiveRepeats).toBeCloseTo((2.4 / 1.6) * 5, 12);
  });

  it('does not take a steady drift for noise', () => {
    const drifting = estimateOf([0, 1, 2, 3, 4, 5].map((round) => [100 + 3 * round]));
    const { low, high } = intervalOf(drifting);
    expect(drifting.mean).toBeCloseTo(107.5, 9);
    expect(high - low).toBeLessThan(1e-9);
  });

  it('is a studentised bootstrap from 20 launches on, the same each time, and follows the skew', () => {
    const random = randomStream(3, 'skewed');
    const launches = Array.from({ length: 20 }, () => [Math.exp(random.normal())]);
    const estimate = estimateOf(launches);
    expect(estimate.method).toEqual({ kind: 'studentised-bootstrap', launches: 20, resamples: 2000 });
    expect(estimateOf(launches)).toEqual(estimate);
    const { low, high } = intervalOf(estimate);
    expect(high - estimate.mean).toBeGreaterThan(1.2 * (estimate.mean - low));
    expect(estimateOf(launches.slice(1)).method?.kind).toBe('t-about-line');
    const mirrored = intervalOf(estimateOf(launches.map(([value = 0]) => [-value])));
    expect(mirrored.low).toBeCloseTo(-high, 9);
  });

  it('peer fault: single-launch optimism (many repeats of one process carry no interval)', () => {
    const estimate = estimateOf([[10, 10.1, 9.9, 10, 10.05]]);
    expect(estimate.interval).toMatchObject({
      kind: 'missing',
      reason: { en: 'no interval: single launch' },
    });
    expect(estimate.mean).toBeCloseTo(10.01, 12);
    expect(relativeHalfWidth(estimate)).toBeUndefined();
  });

  it('peer fault: a launch without a repeat is not a launch of 0', () => {
    expect(estimateOf([[4], [], [6]]).mean).toBe(5);
    expect(meanInterval([[], []]).kind).toBe('missing');
  });

  it('does not mind which way the launches are read nor the unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 5 }), {
          minLength: 2,
          maxLength: 8,
        }),
        fc.double({ min: 0.001, max: 1000, noNaN: true }),
        (launches, unit) => {
          const plain = estimateOf(launches);
          const other = estimateOf([...launches].reverse().map((values) => values.map((x) => x * unit)));
          expect(other.mean / unit / plain.mean).toBeCloseTo(1, 9);
          const width = (estimate: Estimate) => intervalOf(estimate).high - intervalOf(estimate).low;
          expect(width(other) / unit).toBeCloseTo(width(plain), 4);
          expect(intervalOf(plain).low).toBeLessThanOrEqual(plain.mean);
          expect(intervalOf(plain).high).toBeGreaterThanOrEqual(plain.mean);
        },
      ),
    );
  });

  it('covers the truth in 93 to 97 % of 2,000 worlds with spread between and within launches', () => {
    for (const [name, sizes] of [
      ['balanced', [5, 5, 5, 5, 5]],
      ['unbalanced', [1, 5, 5, 2, 5]],
    ] as const) {
      const random = randomStream(7, name);
      let covered = 0;
      for (let world = 0; world < 2000; world += 1) {
        const launches = sizes.map((size) => {
          const launch = 100 + 3 * random.normal();
          return Array.from({ length: size }, () => launch + 4 * random.normal());
        });
        const { low, high } = intervalOf(estimateOf(launches));
        if (low <= 100 && 100 <= high) covered += 1;
      }
      expect([name, covered / 2000 >= 0.93 && covered / 2000 <= 0.97]).toEqual([name, true]);
    }
  });
});

describe('degreesOfFreedom', () => {
  it('stays between 1 and n - 1', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 6 }), {
          minLength: 2,
          maxLength: 8,
        }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        (groups, between) => {
          const degrees = degreesOfFreedom(groups, between);
          expect(degrees).toBeGreaterThanOrEqual(1);
          expect(degrees).toBeLessThanOrEqual(groups.length - 1);
          if (groups.length < 3) return;
          const aboutLine = degreesOfFreedom(groups, between, 'line');
          expect(aboutLine).toBeGreaterThanOrEqual(1);
          expect(aboutLine).toBeLessThanOrEqual(groups.length - 2);
        },
      ),
    );
  });

  it('falls where a launch has few repeats and the spread is within launches', () => {
    const groups = [[0, 2, 1, 3], [1], [2, 0, 3, 1], [1, 2, 0, 3]];
    // W = 5/3, the spread of means leaves A = 0: v = W * (1/4, 1, 1/4, 1/4).
    const weights = [0.25, 1, 0.25, 0.25];
    const total = weights.reduce((a, b) => a + b);
    const squares = weights.reduce((a, b) => a + b * b, 0);
    const expected = (total * 0.75) ** 2 / (squares * 0.5 + (total / 4) ** 2);
    expect(degreesOfFreedom(groups, 0.25)).toBeCloseTo(expected, 12);
  });
});

describe('pairedRatio', () => {
  it('finds a constant ratio exactly, whatever the blocks do', () => {
    const blocks = [10, 100, 37, 2].map((speed) => ({ a: 1.5 * speed, b: speed }));
    const ratio = presentValue(pairedRatio(blocks))!;
    expect(ratio.mean).toBeCloseTo(1.5, 12);
    expect(intervalOf(ratio).high - intervalOf(ratio).low).toBeLessThan(1e-12);
    expect(ratio.launches).toBe(4);
  });

  it('is the inverse of the ratio the other way round', () => {
    const side = fc.double({ min: 0.1, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.record({ a: side, b: side }), { minLength: 2, maxLength: 10 }), (blocks) => {
        const there = presentValue(pairedRatio(blocks))!;
        const back = presentValue(pairedRatio(blocks.map(({ a, b }) => ({ a: b, b: a }))))!;
        expect(there.mean * back.mean).toBeCloseTo(1, 9);
        expect(Math.log(intervalOf(there).low) + Math.log(intervalOf(back).high)).toBeCloseTo(0, 6);
      }),
    );
  });

  it('has no interval from one block, and no value from none', () => {
    expect(presentValue(pairedRatio([{ a: 2, b: 1 }]))?.interval.kind).toBe('missing');
    expect(pairedRatio([{ a: 0, b: 1 }]).kind).toBe('missing');
  });
});

describe('comparisonOutcome', () => {
  const ratio = (low: number, high: number): Estimate => ({
    mean: (low + high) / 2,
    interval: { kind: 'value', value: { low, high, level: 0.95 } },
    launches: 5,
    repeats: 5,
    rule: same(''),
    origin: 'measured',
  });

  it('reads the interval against the margin', () => {
    const outcomes = [
      [1.1, 1.2],
      [0.7, 0.9],
      [0.99, 1.015],
      [0.9, 1.1],
      [1.001, 1.5],
      [1.003, 1.01],
    ].map(([low, high]) => comparisonOutcome(ratio(low!, high!), 0.02));
    expect(outcomes).toEqual(['faster', 'slower', 'equivalent', 'undecided', 'faster', 'equivalent']);
  });

  it('is undecided without an interval', () => {
    expect(comparisonOutcome({ ...ratio(1, 2), interval: { kind: 'missing', reason: same('') } }, 0.02)).toBe(
      'undecided',
    );
  });
});

describe('effectiveSampleSize', () => {
  it('is near n for white noise and far below it for a slow walk', () => {
    const random = randomStream(1, 'white');
    const white = Array.from({ length: 400 }, () => random.normal());
    let level = 0;
    const walk = white.map((step) => {
      level = 0.9 * level + step;
      return level;
    });
    expect(presentValue(effectiveSampleSize(white))!).toBeGreaterThan(300);
    // AR(1) at 0.9: n (1 - 0.9) / (1 + 0.9) = 21.
    expect(presentValue(effectiveSampleSize(walk))!).toBeLessThan(45);
    expect(effectiveSampleSize([1, 1, 1, 1]).kind).toBe('missing');
    expect(effectiveSampleSize([1, 2, 3]).kind).toBe('missing');
  });
});

describe('slope', () => {
  it('finds an exact line, and the textbook interval of a noisy one', () => {
    const line = presentValue(slope([0, 1, 2, 3].map((x) => ({ x, y: 5 - 2 * x }))))!;
    expect(line.slope).toBeCloseTo(-2, 12);
    const noisy = presentValue(
      slope([
        { x: 0, y: 0 },
        { x: 1, y: 2 },
        { x: 2, y: 1 },
      ]),
    )!;
    // Slope 0.5, residual sum 1.5, one degree of freedom: 12.7062 * sqrt(1.5 / 2).
    expect(noisy.slope).toBeCloseTo(0.5, 12);
    expect(noisy.interval.high).toBeCloseTo(0.5 + 12.706205 * Math.sqrt(0.75), 4);
    expect(
      slope([
        { x: 1, y: 1 },
        { x: 1, y: 2 },
        { x: 1, y: 3 },
      ]).kind,
    ).toBe('missing');
  });
});
