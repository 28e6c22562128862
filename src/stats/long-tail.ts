/**
 * How much further an interval of Student's t reaches on the side of a long tail. Times on a shared machine are late far
 * more often than early: the means of a few launches are then skewed themselves, and t about them ends too early on the
 * late side (Johnson, "Modified t tests and confidence intervals for asymmetrical populations", JASA 73, 1978). The
 * third-order corrections of Johnson and Hall repair a tenth of that where the variance is infinite, so the limit is
 * moved out in proportion to the skewness of the repeats; the proportion is calibrated in simulated worlds
 * (`bench/trust`), not derived. Where the repeats show no skewness beyond chance nothing changes.
 */
import type { LaunchValues } from './launch-spread.ts';
import { sum } from './moments.ts';

/** How much further, per unit of skewness. */
export const REACH_PER_SKEWNESS = 0.15;

/** Standard errors of the skewness of normal values, sqrt(6 / n), beyond which it is not chance. */
const BEYOND_CHANCE = 2;

/** Relative differences below this are rounding, not a tail. */
const ROUNDING = 1e-9;

/** Factors, 1 or more, of the interval's reach below and above the mean. */
export interface TailFactors {
  readonly below: number;
  readonly above: number;
}

/** 1 on both sides, except towards a tail that the repeats inside launches show. */
export function tailFactors(launches: readonly LaunchValues[]): TailFactors {
  const told = launches.filter((values) => values.length >= 3);
  const skewness = skewnessWithin(told);
  const chance = BEYOND_CHANCE * Math.sqrt(6 / Math.max(1, sum(told.map((values) => values.length))));
  const further = 1 + REACH_PER_SKEWNESS * Math.abs(skewness);
  return {
    below: skewness < -chance ? further : 1,
    above: skewness > chance ? further : 1,
  };
}

/**
 * Skewness of repeats about the mean of their launch: unbiased third cumulants (Fisher's k statistics) and variances,
 * each averaged over launches by repeats. 0 where nothing varies, or no launch has three repeats.
 */
function skewnessWithin(launches: readonly LaunchValues[]): number {
  const moments = launches.map((values) => {
    const count = values.length;
    const centre = sum(values) / count;
    let squares = 0;
    let cubes = 0;
    for (const value of values) {
      const deviation = value - centre;
      // Products, since a power of 3 is ten times as slow, and a large report takes it a million times for each metric.
      const square = deviation * deviation;
      squares += square;
      cubes += square * deviation;
    }
    return {
      count,
      centre,
      variance: squares / (count - 1),
      third: (cubes * count) / ((count - 1) * (count - 2)),
    };
  });
  const total = sum(moments.map(({ count }) => count));
  if (total === 0) return 0;
  const variance = sum(moments.map((one) => one.count * one.variance)) / total;
  const third = sum(moments.map((one) => one.count * one.third)) / total;
  const size = sum(moments.map((one) => one.count * Math.abs(one.centre))) / total;
  return Math.sqrt(variance) > ROUNDING * size ? third / variance ** 1.5 : 0;
}
