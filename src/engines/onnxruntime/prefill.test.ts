import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runsOfEqualLength } from './prefill.ts';

const promptsOf = (lengths: readonly number[]) => lengths.map((length) => Array.from({ length }, () => 1));

describe('runsOfEqualLength', () => {
  it('puts neighbours of one length together', () => {
    expect(runsOfEqualLength(promptsOf([5, 5, 3, 5]))).toEqual([
      { firstRow: 0, count: 2 },
      { firstRow: 2, count: 1 },
      { firstRow: 3, count: 1 },
    ]);
    expect(runsOfEqualLength([])).toEqual([]);
  });

  it('covers every row once, pads none, and joins what could be joined', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 })), (lengths) => {
        const runs = runsOfEqualLength(promptsOf(lengths));
        const rows = runs.flatMap(({ firstRow, count }) =>
          Array.from({ length: count }, (_, i) => firstRow + i),
        );
        expect(rows).toEqual(lengths.map((_, row) => row));
        const lengthsOf = runs.map(
          ({ firstRow, count }) => new Set(lengths.slice(firstRow, firstRow + count)),
        );
        expect(lengthsOf.every(({ size }) => size === 1)).toBe(true);
        const heads = lengthsOf.map(([length]) => length);
        expect(heads.every((length, index) => index === 0 || length !== heads[index - 1])).toBe(true);
      }),
    );
  });
});
