import { describe, expect, it } from 'vitest';
import { allowedAbove, earlyStoppingEstimate } from './early-stopping.ts';

describe('early stopping', () => {
  it('needs 64 samples at 0.9 and 662 at 0.99, as MLPerf says', () => {
    const needed = (p: number): number => {
      let count = 1;
      while (allowedAbove(count, p) < 1) count += 1;
      return count;
    };
    expect([needed(0.9), needed(0.99)]).toEqual([64, 662]);
  });

  it('takes the largest of 64 and discards none', () => {
    const values = Array.from({ length: 64 }, (_, i) => i);
    expect(earlyStoppingEstimate(values, 0.9)).toEqual({ kind: 'value', value: 63 });
    expect(earlyStoppingEstimate(values.slice(1), 0.9).kind).toBe('missing');
  });

  it('does not underflow for a million samples', () => {
    const allowed = allowedAbove(1_000_000, 0.99);
    // Mean 10,000, deviation 99.5: about 2.33 deviations below.
    expect(allowed).toBeGreaterThan(9_760);
    expect(allowed).toBeLessThan(9_775);
  });
});
