import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sum } from '../stats/moments.ts';
import { outputLengths } from './output-lengths.ts';

const lengths = (stop: Parameters<typeof outputLengths>[0]['stop'], batch: number, seed = 0) =>
  outputLengths({ batch, outputTokens: 64, stop }, seed);

const mean = (values: readonly number[]) => sum(values) / values.length;

describe('outputLengths', () => {
  it('is the maximum where the length is forced or the text ends it', () => {
    expect([lengths('forced', 2), lengths('natural', 2)]).toEqual([
      [64, 64],
      [64, 64],
    ]);
  });

  it('gives sequence i the same length whatever the batch, within [1, maximum]', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('drawn-uniform' as const, 'drawn-geometric' as const),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer(),
        (stop, batch, outputTokens, seed) => {
          const all = outputLengths({ batch, outputTokens, stop }, seed);
          expect(all.every((length) => length >= 1 && length <= outputTokens)).toBe(true);
          expect(outputLengths({ batch: 1, outputTokens, stop }, seed)).toEqual(all.slice(0, 1));
        },
      ),
    );
  });

  it('has the means that the distributions have: 32.5, and 16 (1 - (15/16)^64)', () => {
    expect(mean(lengths('drawn-uniform', 4000))).toBeCloseTo(32.5, -0.3);
    const geometric = lengths('drawn-geometric', 4000);
    expect(mean(geometric)).toBeCloseTo(16 * (1 - (15 / 16) ** 64), -0.3);
    const ofMaximum = geometric.filter((length) => length === 64).length;
    // P(length > 63) = (15/16)^63 = 1.7 %: 69 of 4,000, standard deviation 8.
    expect(ofMaximum).toBeGreaterThan(40);
    expect(ofMaximum).toBeLessThan(100);
  });

  it('takes 0 as a seed like any other', () => {
    expect(lengths('drawn-uniform', 8, 0)).toEqual(lengths('drawn-uniform', 8, 0));
    expect(lengths('drawn-uniform', 8, 0)).not.toEqual(lengths('drawn-uniform', 8, 1));
  });
});
