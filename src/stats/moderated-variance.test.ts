import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../kernel/random.ts';
import {
  FEWEST_VARIANCES,
  MOST_DEGREES,
  moderated,
  type VarianceEstimate,
  variancePrior,
} from './moderated-variance.ts';

/** Variances of `degrees` degrees of freedom around true ones. */
function drawn(seed: number, truths: readonly number[], degrees: number): VarianceEstimate[] {
  const random = randomStream(seed, 'variances');
  return truths.map((truth) => {
    let squares = 0;
    for (let i = 0; i < degrees; i += 1) squares += random.normal() ** 2;
    return { variance: (truth * squares) / degrees, degrees };
  });
}

const alike = Array.from({ length: 400 }, () => 4);

describe('variancePrior', () => {
  it('finds the variance that all have, and counts for as much as it may', () => {
    const prior = variancePrior(drawn(1, alike, 2));
    expect(prior?.variance).toBeCloseTo(4, 0);
    expect(prior?.degrees).toBe(MOST_DEGREES);
  });

  it('counts for less where the true variances differ', () => {
    // Truths from an inverse chi-squared with 4 degrees of freedom around 4: Smyth's model, section 3.
    const truths = drawn(2, alike, 4).map(({ variance }) => 16 / variance);
    const prior = variancePrior(drawn(3, truths, 2));
    expect(prior?.degrees).toBeGreaterThan(3);
    expect(prior?.degrees).toBeLessThan(6);
    expect(prior?.variance).toBeGreaterThan(3);
    expect(prior?.variance).toBeLessThan(5);
  });

  it('says nothing of a few, and leaves exact ones out', () => {
    const few = drawn(4, alike.slice(0, FEWEST_VARIANCES - 1), 2);
    expect(variancePrior(few)).toBeUndefined();
    expect(variancePrior([...few, { variance: 0, degrees: 2 }])).toBeUndefined();
  });
});

describe('moderated', () => {
  const prior = { variance: 4, degrees: 6 };

  it('is the mean weighted by degrees of freedom, which add up', () => {
    expect(moderated({ variance: 1, degrees: 2 }, prior)).toEqual({ variance: 26 / 8, degrees: 8 });
    expect(moderated({ variance: 1, degrees: 2 }, undefined)).toEqual({ variance: 1, degrees: 2 });
  });

  it('keeps a variance that is larger, and one that is exact', () => {
    expect(moderated({ variance: 9, degrees: 2 }, prior)).toEqual({ variance: 9, degrees: 8 });
    expect(moderated({ variance: 0, degrees: 2 }, prior)).toEqual({ variance: 0, degrees: 2 });
  });

  it('never falls below the own one, nor below what the ensemble lets it, whatever they are', () => {
    const positive = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
    const degrees = fc.double({ min: 1, max: 30, noNaN: true });
    fc.assert(
      fc.property(positive, degrees, positive, degrees, (own, ownDegrees, whole, wholeDegrees) => {
        const found = moderated(
          { variance: own, degrees: ownDegrees },
          { variance: whole, degrees: wholeDegrees },
        );
        expect(found.variance).toBeGreaterThanOrEqual(own);
        expect(found.variance).toBeLessThanOrEqual(Math.max(own, whole) * (1 + 1e-12));
        expect(found.degrees).toBe(ownDegrees + wholeDegrees);
      }),
    );
  });
});
