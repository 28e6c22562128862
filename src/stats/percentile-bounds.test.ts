import { describe, expect, it } from 'vitest';
import { presentValue } from '../kernel/maybe.ts';
import { randomStream } from '../kernel/random.ts';
import { boundedBy, discardable, percentileUpperBound } from './percentile-bounds.ts';
import { sorted } from './quantiles.ts';

describe('discardable', () => {
  it("is LoadGen's number of values: 459 for none and 662 for one at the 99th percentile, 44 and 64 at the 90th", () => {
    const counts = [
      [458, 0.99],
      [459, 0.99],
      [661, 0.99],
      [662, 0.99],
      [43, 0.9],
      [44, 0.9],
      [63, 0.9],
      [64, 0.9],
    ].map(([count, p]) => presentValue(discardable(count!, p!)));
    expect(counts).toEqual([undefined, 0, 0, 1, undefined, 0, 0, 1]);
  });

  it('says of too few values which percentile they bound', () => {
    expect(discardable(40, 0.95)).toMatchObject({
      kind: 'missing',
      reason: {
        en: 'needs 90 for confidence 0.99, has 40: their largest bounds the 89.1th percentile at most',
      },
    });
    expect(boundedBy(40, 0.99) ** 40).toBeCloseTo(0.01, 12);
  });
});

describe('percentileUpperBound', () => {
  it('is at least the true percentile in 99 % of worlds, and seldom far above', () => {
    const random = randomStream(2, 'percentiles');
    let above = 0;
    let far = 0;
    for (let world = 0; world < 2000; world += 1) {
      // Exponential: the 90th percentile is ln 10.
      const values = sorted(Array.from({ length: 200 }, () => -Math.log(1 - random.next())));
      const bound = presentValue(percentileUpperBound(values, 200, 0.9))!;
      if (bound >= Math.log(10)) above += 1;
      if (bound >= 2 * Math.log(10)) far += 1;
    }
    expect(above / 2000).toBeGreaterThanOrEqual(0.985);
    expect(far / 2000).toBeLessThan(0.02);
  });

  it('counts a step that all sequences of a batch share once', () => {
    const steps = Float64Array.from({ length: 100 }, (_, i) => i);
    const batch = sorted([...steps, ...steps, ...steps]);
    expect(percentileUpperBound(batch, 100, 0.95)).toEqual(percentileUpperBound(steps, 100, 0.95));
    expect(percentileUpperBound(batch, 80, 0.95).kind).toBe('missing');
    expect(percentileUpperBound(new Float64Array(), 100, 0.95).kind).toBe('missing');
  });
});
