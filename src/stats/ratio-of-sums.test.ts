import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentValue } from '../kernel/maybe.ts';
import { randomStream } from '../kernel/random.ts';
import { ratioOfSums } from './ratio-of-sums.ts';

const units = fc.array(
  fc.record({
    y: fc.double({ min: 0, max: 1e3, noNaN: true }),
    x: fc.double({ min: 1, max: 100, noNaN: true }),
  }),
  { minLength: 2, maxLength: 30 },
);

describe('ratioOfSums', () => {
  it('is worked out by hand', () => {
    // y = 2, 6 and x = 1, 2: R = 8/3; residuals -2/3 and 2/3; s = sqrt(8/9); error = s / sqrt(2) / 1.5 = 0.4444
    const found = presentValue(ratioOfSums([2, 6], [1, 2]))!;
    expect(found.value).toBeCloseTo(8 / 3, 12);
    const { low, high } = presentValue(found.interval)!;
    // t with one degree of freedom at 97.5 %: 12.7062
    expect(high - found.value).toBeCloseTo((12.706_204_7 * 4) / 9, 5);
    expect(found.value - low).toBeCloseTo(high - found.value, 12);
  });

  it('has no interval from one window, and no value from none', () => {
    expect(presentValue(ratioOfSums([3], [2]))).toMatchObject({ value: 1.5, interval: { kind: 'missing' } });
    expect(ratioOfSums([], []).kind).toBe('missing');
    expect(() => ratioOfSums([1], [])).toThrow('1 numerators, 0 denominators');
  });

  it('scales with its unit, and knows a constant ratio exactly', () => {
    fc.assert(
      fc.property(units, fc.double({ min: 0.1, max: 10, noNaN: true }), (data, factor) => {
        const [y, x] = [data.map((one) => one.y), data.map((one) => one.x)];
        const plain = presentValue(ratioOfSums(y, x))!;
        const scaled = presentValue(
          ratioOfSums(
            y.map((one) => one * factor),
            x,
          ),
        )!;
        expect(scaled.value).toBeCloseTo(plain.value * factor, 6);
        const constant = presentValue(
          ratioOfSums(
            x.map((one) => one * factor),
            x,
          ),
        )!;
        const { low, high } = presentValue(constant.interval)!;
        expect(high - low).toBeLessThan(1e-9 * factor);
        expect(constant.value).toBeCloseTo(factor, 9);
      }),
    );
  });

  it('holds the truth in about 95 % of worlds of windows of unequal length', () => {
    const random = randomStream(0, 'ratio of sums');
    let held = 0;
    const worlds = 1000;
    for (let world = 0; world < worlds; world += 1) {
      const x = Array.from({ length: 20 }, () => 80 + 40 * random.next());
      const y = x.map((one) => 2 * one + 40 * (random.next() + random.next() - 1));
      const { low, high } = presentValue(presentValue(ratioOfSums(y, x))!.interval)!;
      if (low <= 2 && 2 <= high) held += 1;
    }
    expect(held / worlds).toBeGreaterThan(0.93);
    expect(held / worlds).toBeLessThan(0.97);
  });
});
