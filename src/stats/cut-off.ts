/**
 * The interval of a quantity that cannot be less than a bound (a duration, a rate, a share): what lies below is cut off.
 * The truth is not there, so that the interval holds it exactly as often as before; over two launches, where t is 12.7,
 * the lower limit of a quantity that varies by more than a tenth would else be below 0. docs/decisions says why intervals
 * are not made on the scale of logarithms instead.
 */
import { present } from '../kernel/maybe.ts';
import type { Estimate } from './estimate.ts';
import { methodWords } from './interval-method.ts';

/** `estimate`, its interval not below `least` (in its unit); the rule says where it was cut. A mean below it is left alone. */
export function notBelow(estimate: Estimate, least: number): Estimate {
  const { interval, method } = estimate;
  if (interval.kind === 'missing' || interval.value.low >= least || estimate.mean < least) return estimate;
  const cut = { ...estimate, interval: present({ ...interval.value, low: least }) };
  if (method === undefined || method.kind === 'single-launch') {
    const { en, ja } = estimate.rule;
    return { ...cut, rule: { en: `${en}, cut off at ${least}`, ja: `${ja}、${least} で打ち切り` } };
  }
  const own = { ...method, cutOffAt: least };
  return { ...cut, method: own, rule: methodWords(own) };
}
