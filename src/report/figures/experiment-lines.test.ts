import { describe, expect, it } from 'vitest';
import { bottomOf, type Cross } from './experiment-lines.ts';

const stack = (count: number): Cross[] =>
  Array.from({ length: count }, (_, rank) => ({ model: 'm', series: `engine-${rank}`, position: 2, rank }));

describe('where the axis of throughput begins', () => {
  it('is a little below what is drawn, without crosses', () => {
    expect(bottomOf(14, 1400, [])).toBeCloseTo(10, 9);
  });

  it.each([1, 9, 40])(
    'leaves room below it for a column of %i crosses, and most of the panel for the lines',
    (count) => {
      const bottom = bottomOf(10, 1000, stack(count));
      const share = Math.log(10 / bottom) / Math.log(1000 / bottom);
      expect(share).toBeGreaterThanOrEqual(Math.min(0.4, 0.028 * (count + 1)) - 1e-9);
      expect(share).toBeLessThanOrEqual(0.4 + 1e-9);
    },
  );
});
