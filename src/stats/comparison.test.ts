import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentValue } from '../kernel/maybe.ts';
import { randomStream } from '../kernel/random.ts';
import { compareFamily, compareSides, type Sides } from './comparison.ts';
import { holmAdjusted } from './holm.ts';
import { comparisonOutcome } from './outcome.ts';
import { detectableFactor } from './power.ts';

const RULE = { margin: 0.02 };
const paired = (ratios: readonly number[]): Sides => ({
  kind: 'paired',
  blocks: ratios.map((ratio, i) => ({ a: ratio * (i + 1), b: i + 1 })),
});
const unpaired = (a: readonly number[], b: readonly number[]): Sides => ({
  kind: 'unpaired',
  a,
  b,
  reason: 'different runs',
});
const swapped = (sides: Sides): Sides =>
  sides.kind === 'paired'
    ? { ...sides, blocks: sides.blocks.map(({ a, b }) => ({ a: b, b: a })) }
    : { ...sides, a: sides.b, b: sides.a };

const speed = fc.double({ min: 0.5, max: 2, noNaN: true });
const sides: fc.Arbitrary<Sides> = fc.oneof(
  fc
    .array(fc.record({ a: speed, b: speed }), { minLength: 1, maxLength: 8 })
    .map((blocks): Sides => ({ kind: 'paired', blocks })),
  fc
    .tuple(fc.array(speed, { minLength: 1, maxLength: 8 }), fc.array(speed, { minLength: 1, maxLength: 8 }))
    .map(([a, b]) => unpaired(a, b)),
);

describe('compareSides', () => {
  it('is t over logarithms of paired ratios', () => {
    const ratios = [1.1, 1.2, 1.1, 1.2];
    const { ratio, pDifferent, outcome, design } = compareSides(paired(ratios), RULE);
    const [low, high] = [Math.log(1.1), Math.log(1.2)];
    const centre = (low + high) / 2;
    const standardError = ((high - low) / 2) * Math.sqrt(4 / 3 / 4);
    expect(presentValue(ratio)?.mean).toBeCloseTo(Math.exp(centre), 12);
    // t quantile at 3 degrees of freedom, from the printed tables.
    const interval = presentValue(presentValue(ratio)!.interval)!;
    expect(interval.low).toBeCloseTo(Math.exp(centre - 3.182446 * standardError), 6);
    expect(interval.high).toBeCloseTo(Math.exp(centre + 3.182446 * standardError), 6);
    // Two tails of t with 3 degrees of freedom: 1 - 2/pi (atan x + x / (1 + x^2)), x = t / sqrt 3.
    const x = centre / standardError / Math.sqrt(3);
    expect(presentValue(pDifferent)).toBeCloseTo(1 - (2 / Math.PI) * (Math.atan(x) + x / (1 + x * x)), 10);
    expect([outcome, design]).toEqual(['faster', 'paired']);
  });

  it("is Welch's t where nothing pairs, and says so", () => {
    const { ratio } = compareSides(unpaired([Math.E, Math.E ** 3], [1, Math.E ** 2, Math.E ** 4]), RULE);
    // Logarithms 1, 3 and 0, 2, 4: variances 2 and 4, errors 1 and 4/3, df = (7/3)^2 / (1 + 16/9/2).
    const estimate = presentValue(ratio)!;
    expect(estimate.mean).toBeCloseTo(1, 12);
    expect(estimate.rule.en).toBe(
      "Welch's t over logarithms of 2 and 3 launch means, not paired, 2.9 degrees of freedom",
    );
    expect(estimate.launches).toBe(5);
  });

  it('peer fault: single-launch optimism (a side with one launch decides nothing)', () => {
    for (const one of [paired([2]), unpaired([2, 2.01], [1])]) {
      const comparison = compareSides(one, RULE);
      expect(comparison.outcome).toBe('undecided');
      expect(presentValue(comparison.ratio)?.interval.kind).toBe('missing');
      expect(comparison.minimumDetectableRatio.kind).toBe('missing');
    }
    expect(compareSides(paired([]), RULE)).toMatchObject({
      ratio: { kind: 'missing' },
      outcome: 'undecided',
    });
  });

  it('decides what does not vary at all, and names no detectable difference but any', () => {
    expect(compareSides(paired([1.5, 1.5, 1.5]), RULE)).toMatchObject({ outcome: 'faster' });
    expect(compareSides(unpaired([2, 2], [2, 2]), RULE)).toMatchObject({
      outcome: 'equivalent',
      minimumDetectableRatio: { kind: 'value', value: 1 },
    });
  });

  it('of one comparison: reads its own interval against the margin', () => {
    fc.assert(
      fc.property(sides, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (one, margin) => {
        const { ratio, outcome } = compareSides(one, { margin });
        expect(outcome).toBe(comparisonOutcome(presentValue(ratio)!, margin));
      }),
    );
  });

  it('swapped: inverts the ratio and the outcome, and finds the same differences', () => {
    const opposite = { faster: 'slower', slower: 'faster', equivalent: 'equivalent', undecided: 'undecided' };
    fc.assert(
      fc.property(sides, (one) => {
        const there = compareSides(one, RULE);
        const back = compareSides(swapped(one), RULE);
        expect(presentValue(there.ratio)!.mean * presentValue(back.ratio)!.mean).toBeCloseTo(1, 9);
        expect(back.outcome).toBe(opposite[there.outcome]);
        const detectable = [there, back].map((c) => presentValue(c.minimumDetectableRatio) ?? 0);
        expect(Math.log(detectable[0]! + 1)).toBeCloseTo(Math.log(detectable[1]! + 1), 6);
      }),
      { numRuns: 30 },
    );
  });
});

describe('compareFamily', () => {
  it('asks more of each the more there are, and never more than Bonferroni', () => {
    const clear = paired([1.09, 1.11, 1.1, 1.1, 1.12]);
    const faint = paired([1.02, 1.3, 1.18, 1.05, 1.2]);
    expect(compareSides(faint, RULE).outcome).toBe('faster');
    const family = compareFamily([clear, ...Array.from({ length: 9 }, () => faint)], RULE);
    expect(family.map(({ outcome }) => outcome)).toEqual(['faster', ...Array(9).fill('undecided')]);
    // The clear one has the smallest p-value: it pays for all ten, the others for the nine that are left.
    const alone = [clear, faint].map((one) => presentValue(compareSides(one, RULE).pDifferent)!);
    expect(presentValue(family[0]!.pDifferent)).toBeCloseTo(10 * alone[0]!, 12);
    expect(presentValue(family[1]!.pDifferent)).toBeCloseTo(9 * alone[1]!, 12);
    expect(family[0]!.family).toBe(10);
  });

  it('leaves intervals as they are, and comparisons without one out of the family', () => {
    fc.assert(
      fc.property(fc.array(sides, { minLength: 1, maxLength: 3 }), (all) => {
        const family = compareFamily(all, RULE);
        const alone = all.map((one) => compareSides(one, RULE));
        expect(family.map(({ ratio }) => ratio)).toEqual(alone.map(({ ratio }) => ratio));
        const tested = alone.filter(({ pDifferent }) => pDifferent.kind === 'value').length;
        for (const [i, one] of family.entries()) {
          expect(one.family).toBe(tested);
          if (one.pDifferent.kind === 'missing') continue;
          const own = presentValue(alone[i]!.pDifferent)!;
          expect(one.pDifferent.value).toBeGreaterThanOrEqual(own);
          expect(one.pDifferent.value).toBeLessThanOrEqual(Math.min(1, tested * own) + 1e-15);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('finds a difference among ten equal pairs in at most 6.5 % of worlds', () => {
    const random = randomStream(11, 'equal sides');
    let alarms = 0;
    for (let world = 0; world < 500; world += 1) {
      const all = Array.from({ length: 10 }, () =>
        paired(Array.from({ length: 5 }, () => Math.exp(0.05 * random.normal()))),
      );
      const found = compareFamily(all, RULE).some(
        ({ outcome }) => outcome === 'faster' || outcome === 'slower',
      );
      if (found) alarms += 1;
    }
    expect(alarms / 500).toBeLessThanOrEqual(0.065);
  });
});

describe('holmAdjusted', () => {
  it('is the textbook example, in the order that was given', () => {
    expect(holmAdjusted([0.04, 0.01, 0.03, 0.005]).map((p) => Math.round(p * 1e6) / 1e6)).toEqual([
      0.06, 0.03, 0.06, 0.02,
    ]);
    expect(holmAdjusted([0.2])).toEqual([0.2]);
    expect(holmAdjusted([])).toEqual([]);
  });

  it('keeps the order of p-values and stays within [p, min(1, n p)]', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (values) => {
        const adjusted = holmAdjusted(values);
        for (const [i, p] of values.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          for (const [j, q] of values.entries())
            if (p <= q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
        }
      }),
    );
  });
});

describe('detectableFactor', () => {
  it('is the sum of two normal quantiles where the spread is as good as known', () => {
    expect(detectableFactor(1e6, 0.95, 0.8)).toBeCloseTo(1.959964 + 0.841621, 3);
    expect(detectableFactor(1e6, 0.99, 0.9)).toBeCloseTo(2.575829 + 1.281552, 3);
  });

  it('is found in 80 % of experiments that estimate their own spread, as printed by another one', () => {
    for (const blocks of [3, 5, 10]) {
      const factor = detectableFactor(blocks - 1, 0.95, 0.8);
      const random = randomStream(3, `power ${blocks}`);
      const draw = (shift: number): { readonly centre: number; readonly error: number } => {
        const values = Array.from({ length: blocks }, () => shift + random.normal());
        const centre = values.reduce((sum, x) => sum + x, 0) / blocks;
        const squares = values.reduce((sum, x) => sum + (x - centre) ** 2, 0);
        return { centre, error: Math.sqrt(squares / (blocks - 1) / blocks) };
      };
      let found = 0;
      for (let world = 0; world < 4000; world += 1) {
        const printed = factor * draw(0).error;
        const { centre, error } = draw(printed);
        const interval = [centre - threshold(blocks) * error, centre + threshold(blocks) * error];
        if ((interval[0] ?? 0) > 0 || (interval[1] ?? 0) < 0) found += 1;
      }
      expect([blocks, Math.abs(found / 4000 - 0.8) < 0.02]).toEqual([blocks, true]);
    }
  });

  it('falls with launches and rises with the level', () => {
    const factors = [1, 2, 4, 9, 30].map((degrees) => detectableFactor(degrees, 0.95));
    expect([...factors].sort((x, y) => y - x)).toEqual(factors);
    expect(detectableFactor(4, 0.99)).toBeGreaterThan(detectableFactor(4, 0.95));
  });
});

/** The 0.975 quantile of t, from the printed tables. */
const threshold = (blocks: number): number =>
  ({ 3: 4.302653, 5: 2.776445, 10: 2.262157 })[blocks] ?? Number.NaN;
