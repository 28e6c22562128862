/** Student's t by @stdlib: its quantile and its distribution function (regularised incomplete beta function). */
import cdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** The t that a variable with `degreesOfFreedom` > 0 (fractions allowed) stays below with probability `p`, 0 < p < 1. */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  return quantile(p, degreesOfFreedom);
}

/** The factor of a two-sided interval at `level` (0.95 -> the 0.975 quantile). */
export const twoSidedFactor = (level: number, degreesOfFreedom: number): number =>
  tQuantile((1 + level) / 2, degreesOfFreedom);

/** The probability that t exceeds `t`. */
export const upperTail = (t: number, degreesOfFreedom: number): number => cdf(-t, degreesOfFreedom);
