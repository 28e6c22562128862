/**
 * The ratio of two sums over the same units (bits over characters, window by window), with its interval: the units are
 * a sample, and long ones count for more, as they should. The standard error is that of the residuals y - R x over the
 * mean of x, the factor Student's t with one degree of freedom less than units.
 * Source: Cochran, "Sampling Techniques" (3rd ed., 1977), sections 2.11 and 6.4 (for a large population).
 * What it does not know: neighbouring windows of one text resemble each other, and the text is one of many. So the
 * interval speaks of texts like this one, and is somewhat too narrow where the subject changes slowly.
 */
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { type Interval, LEVEL } from './estimate.ts';
import { sum } from './moments.ts';
import { twoSidedFactor } from './student-t.ts';

export interface RatioOfSums {
  /** sum(y) / sum(x), in the unit of y per unit of x. */
  readonly value: number;
  /** Missing with a single unit. */
  readonly interval: Maybe<Interval>;
  readonly units: number;
}

/** `y` and `x` unit by unit, x > 0; missing without any. @throws RangeError where they differ in number */
export function ratioOfSums(
  y: readonly number[],
  x: readonly number[],
  level: number = LEVEL,
): Maybe<RatioOfSums> {
  if (y.length !== x.length) throw new RangeError(`${y.length} numerators, ${x.length} denominators`);
  const units = x.length;
  if (units === 0) return missing({ en: 'nothing was measured', ja: '何も測定されていません' });
  const value = sum(y) / sum(x);
  if (units === 1)
    return present({
      value,
      interval: missing({ en: 'no interval: a single window', ja: '区間なし: 窓が 1 つだけ' }),
      units,
    });
  const residuals = y.map((one, i) => one - value * (x[i] as number));
  const variance = sum(residuals.map((one) => one * one)) / (units - 1);
  const error = Math.sqrt(variance / units) / (sum(x) / units);
  const reach = twoSidedFactor(level, units - 1) * error;
  return present({
    value,
    interval: present({ low: value - reach, high: value + reach, level }),
    units,
  });
}
