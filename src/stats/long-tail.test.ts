/** The reach towards a long tail: exact on a small example, absent for symmetric repeats, the same in any unit. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REACH_PER_SKEWNESS, tailFactors } from './long-tail.ts';

/** Ten launches of three repeats, one of them late: enough values that the tail is not chance. */
const late = Array.from({ length: 10 }, () => [1, 1, 4]);

describe('tailFactors', () => {
  it('follows the skewness of repeats about their launch', () => {
    // Deviations -1, -1, 2: variance 6 / 2 = 3, third cumulant 6 * 3 / (2 * 1) = 9, skewness 9 / 3^1.5 = sqrt(3).
    expect(tailFactors(late)).toEqual({ below: 1, above: 1 + REACH_PER_SKEWNESS * Math.sqrt(3) });
  });

  it('reaches down where the tail is below, as rates have it', () => {
    const factors = tailFactors(late.map((values) => values.map((value) => -value)));
    expect(factors).toEqual({ below: 1 + REACH_PER_SKEWNESS * Math.sqrt(3), above: 1 });
  });

  it('changes nothing for symmetric repeats, for chance, and where launches have too few', () => {
    const none = { below: 1, above: 1 };
    expect(tailFactors(Array.from({ length: 10 }, () => [1, 2, 3]))).toEqual(none);
    // The same skewness in three values is chance.
    expect(tailFactors([[1, 1, 4]])).toEqual(none);
    expect(tailFactors(Array.from({ length: 20 }, () => [1, 9]))).toEqual(none);
    expect(tailFactors([[5, 5, 5]])).toEqual(none);
    // Sums of these round: what is left of equal values is no tail.
    expect(tailFactors(Array.from({ length: 8 }, () => [0.1, 0.1, 0.1, 0.1, 0.1, 0.1]))).toEqual(none);
    expect(tailFactors([])).toEqual(none);
  });

  it('is the same in any unit and wherever launches lie', () => {
    const launch = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(launch, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0.1, max: 1000, noNaN: true }),
        (launches, unit) => {
          const scaled = tailFactors(launches.map((values, i) => values.map((value) => value * unit + i)));
          const plain = tailFactors(launches);
          expect(scaled.above).toBeCloseTo(plain.above, 3);
          expect(scaled.below).toBeCloseTo(plain.below, 3);
        },
      ),
      { seed: 1 },
    );
  });
});
