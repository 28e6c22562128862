import { describe, expect, it } from 'vitest';
import { same } from '../kernel/language.ts';
import { missing, present, presentValue } from '../kernel/maybe.ts';
import { notBelow } from './cut-off.ts';
import type { Estimate } from './estimate.ts';
import { methodWords } from './interval-method.ts';
import { meanInterval } from './mean-interval.ts';

const over = (launches: readonly (readonly number[])[]): Estimate => presentValue(meanInterval(launches))!;

describe('notBelow', () => {
  it('cuts an interval of two launches that reaches below 0, and says so in its rule', () => {
    const whole = over([[80], [120]]);
    // t of 1 degree of freedom: 12.706 * sqrt(800 / 2) = 254.
    expect(presentValue(whole.interval)!.low).toBeCloseTo(100 - 254.12, 1);
    const cut = notBelow(whole, 0);
    expect(cut.interval).toEqual(present({ low: 0, high: presentValue(whole.interval)!.high, level: 0.95 }));
    expect(cut.mean).toBe(100);
    expect(cut.rule.en).toBe('t over 2 launch means, cut off at 0');
    expect(methodWords(cut.method!).ja).toBe('2 個の起動平均に対する t 分布、0 で打ち切り');
  });

  it('leaves alone what stays above, what has no interval, and what is itself below', () => {
    for (const estimate of [over([[99], [101]]), over([[5]]), over([[-3], [-4]])])
      expect(notBelow(estimate, 0)).toBe(estimate);
  });

  it('cuts the bootstrap of many launches, and rules without a method', () => {
    const skewed = over(Array.from({ length: 20 }, (_, launch) => [launch === 7 ? 40 : launch % 2]));
    expect(notBelow(skewed, 1).rule.en).toMatch(/^studentised bootstrap of 20 .*, cut off at 1$/);
    const { method: _method, ...bare } = over([[1], [9]]);
    expect(notBelow({ ...bare, rule: same('t over 2 runs') }, 0)).toMatchObject({
      rule: { en: 't over 2 runs, cut off at 0' },
    });
    expect(notBelow({ ...bare, interval: missing(same('none')) }, 0).interval).toEqual(missing(same('none')));
  });
});
