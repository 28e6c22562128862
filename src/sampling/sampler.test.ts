import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sampling } from '../protocol/sampling.ts';
import { createSampler, type Scratch, support } from './sampler.ts';

const settings = (change: Partial<Sampling> = {}): Sampling => ({
  temperature: 1,
  topK: 0,
  topP: 1,
  seed: 0,
  ...change,
});

const scratchOf = (size: number): Scratch => ({
  ids: new Int32Array(size),
  logits: new Float64Array(size),
  weights: new Float64Array(size),
});

/** The ids that may be drawn. */
function supportOf(row: readonly number[], change: Partial<Sampling>): number[] {
  const scratch = scratchOf(row.length);
  const { count } = support(Float32Array.from(row), 0, row.length, settings(change), scratch);
  return [...scratch.ids.subarray(0, count)];
}

/** The same by sorting everything: logit descending, id ascending. */
function plainSupport(row: readonly number[], { temperature, topK, topP }: Sampling): number[] {
  const sorted = row.map((logit, id) => ({ logit, id })).sort((a, b) => b.logit - a.logit || a.id - b.id);
  const top = topK > 0 ? sorted.slice(0, topK) : sorted;
  const highest = top[0]!.logit;
  const weights = top.map(({ logit }) => Math.exp((logit - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const kept: number[] = [];
  for (const [i, { id }] of top.entries()) {
    kept.push(id);
    sum += weights[i]!;
    if (topP < 1 && sum >= topP * total) break;
  }
  return kept.sort((a, b) => a - b);
}

const rows = fc.array(
  fc.integer({ min: -40, max: 40 }).map((n) => n / 4),
  { minLength: 1, maxLength: 300 },
);

const drawn = (row: readonly number[], change: Partial<Sampling>, draws: number): number[] => {
  const sampler = createSampler(settings(change), 1, row.length);
  const logits = Float32Array.from(row);
  return Array.from({ length: draws }, () => sampler.choose(logits, 0, 0));
};

describe('the tokens that may be drawn', () => {
  it('are exactly k with top-k, the first of equals', () => {
    expect(supportOf([1, 5, 3, 5, 2, 5], { topK: 2 })).toEqual([1, 3]);
    expect(supportOf([1, 5, 3, 5, 2, 5], { topK: 4 })).toEqual([1, 2, 3, 5]);
    expect(supportOf([1, 5], { topK: 9 })).toEqual([0, 1]);
  });

  it('are the fewest that reach p with top-p, of probabilities 1/2, 1/4, 1/8, 1/8', () => {
    const row = [Math.log(2), Math.log(4), 0, 0];
    expect(supportOf(row, { topP: 0.4 })).toEqual([1]);
    expect(supportOf(row, { topP: 0.51 })).toEqual([0, 1]);
    expect(supportOf(row, { topP: 0.8 })).toEqual([0, 1, 2]);
    expect(supportOf(row, { topP: 1 })).toEqual([0, 1, 2, 3]);
  });

  it('are those that a full sort gives', () => {
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 0, max: 320 }),
        // Away from every sum of quarters' exponentials by more than rounding, almost surely.
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.constantFrom(0.3, 1, 2.7),
        (row, topK, topP, temperature) => {
          const own = settings({ topK, topP, temperature });
          expect(supportOf(row, own)).toEqual(plainSupport(row, own));
        },
      ),
    );
  });

  it('never hold negative infinity or NaN', () => {
    expect(supportOf([Number.NEGATIVE_INFINITY, 1, Number.NaN, 0], {})).toEqual([1, 3]);
    expect(drawn([Number.NEGATIVE_INFINITY, Number.NaN], {}, 3)).toEqual([0, 0, 0]);
  });
});

describe('draws', () => {
  const row = [2, 0.5, -1, 1.5, 1.5, -3, 0, 0.25];

  /** Pearson's statistic of 20,000 draws against the softmax of `row` over the tokens that may be drawn. */
  const chiSquare = (change: Partial<Sampling>): { readonly statistic: number; readonly degrees: number } => {
    const { temperature } = settings(change);
    const allowed = supportOf(row, change);
    const weights = allowed.map((id) => Math.exp(row[id]! / temperature));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const draws = 20_000;
    const counts = new Map<number, number>();
    for (const id of drawn(row, change, draws)) counts.set(id, (counts.get(id) ?? 0) + 1);
    expect([...counts.keys()].every((id) => allowed.includes(id))).toBe(true);
    const statistic = allowed.reduce((sum, id, i) => {
      const expected = (draws * weights[i]!) / total;
      return sum + ((counts.get(id) ?? 0) - expected) ** 2 / expected;
    }, 0);
    return { statistic, degrees: allowed.length - 1 };
  };

  it.each([
    ['plain', {}],
    ['hot', { temperature: 2 }],
    ['cold, another seed', { temperature: 0.5, seed: 7 }],
    ['top-k 4', { topK: 4 }],
    ['top-p 0.8', { topP: 0.8 }],
  ] as const)('have the distribution that was asked for: %s', (_, change) => {
    const { statistic, degrees } = chiSquare(change);
    // The 99.9th percentile of chi-square with 3 to 7 degrees of freedom.
    const limits: Readonly<Record<number, number>> = { 3: 16.27, 4: 18.47, 5: 20.52, 6: 22.46, 7: 24.32 };
    expect(statistic).toBeLessThan(limits[degrees]!);
  });

  it('of a temperature near 0 are the most likely token', () => {
    fc.assert(
      fc.property(rows, fc.integer(), (logits, seed) => {
        const highest = Math.max(...logits);
        fc.pre(logits.filter((logit) => logit === highest).length === 1);
        expect(drawn(logits, { temperature: 1e-3, seed }, 3)).toEqual(Array(3).fill(logits.indexOf(highest)));
      }),
    );
  });

  it('with k = 1, or the least p, are the most likely token, the first of equals', () => {
    expect(drawn([1, 3, 3], { topK: 1 }, 2)).toEqual([1, 1]);
    expect(drawn([1, 3, 3], { topP: 1e-9 }, 2)).toEqual([1, 1]);
  });

  it('repeat with the seed, and 0 is a seed', () => {
    const flat = Array.from({ length: 50 }, () => 0);
    expect(drawn(flat, { seed: 0 }, 20)).toEqual(drawn(flat, { seed: 0 }, 20));
    expect(drawn(flat, { seed: 0 }, 20)).not.toEqual(drawn(flat, { seed: 1 }, 20));
  });

  it('of a sequence do not depend on the others of its batch', () => {
    const logits = new Float32Array(3 * 40);
    const together = createSampler(settings(), 3, 40);
    const steps = Array.from({ length: 6 }, () =>
      [2, 0, 1].map((sequence) => [sequence, together.choose(logits, sequence * 40, sequence)] as const),
    );
    const alone = createSampler(settings(), 2, 40);
    const second = Array.from({ length: 6 }, () => alone.choose(logits, 0, 1));
    expect(steps.map((step) => step.find(([sequence]) => sequence === 1)?.[1])).toEqual(second);
  });
});
