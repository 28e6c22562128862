import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logTicks, onLogAxis } from './log-axis.ts';

describe('a logarithmic axis', () => {
  it('has ticks at 1, 2 and 5 times powers of ten', () => {
    expect(logTicks(18, 800)).toEqual([20, 50, 100, 200, 500]);
    expect(logTicks(0.5, 1)).toEqual([0.5, 1]);
  });

  it('is not stretched by one interval that reaches next to zero, which is cut off and marked', () => {
    const points = [
      { series: 'wide', throughput: 60, low: 0, high: 500 },
      { series: 'narrow', throughput: 30, low: 28, high: 32 },
      { series: 'wider than narrow', throughput: 40, low: 10, high: 160 },
    ];
    expect(onLogAxis(points)).toEqual([
      { series: 'wide', throughput: 60, low: 10, high: 500, cutAt: 10 },
      { series: 'narrow', throughput: 30, low: 28, high: 32, cutAt: undefined },
      { series: 'wider than narrow', throughput: 40, low: 10, high: 160, cutAt: undefined },
    ]);
  });

  it('keeps every mean, and every end that it does not mark', () => {
    const point = fc
      .record({
        throughput: fc.double({ min: 0.01, max: 1e5, noNaN: true }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ throughput, share }) => ({ throughput, low: throughput * share, high: throughput * 2 }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 20 }), (points) => {
        onLogAxis(points).forEach((drawn, index) => {
          const given = points[index]!;
          expect(drawn.throughput).toBe(given.throughput);
          expect(drawn.high).toBe(given.high);
          expect(drawn.low).toBeGreaterThan(0);
          if (drawn.cutAt === undefined) expect(drawn.low).toBe(given.low);
          else expect(drawn.low).toBeLessThanOrEqual(drawn.throughput);
        });
      }),
    );
  });
});
