/** The standard normal distribution function, by @stdlib. */
import cdf from '@stdlib/stats-base-dists-normal-cdf';

/** The probability that a standard normal deviate is at most `z`. */
export const normalCdf = (z: number): number => cdf(z, 0, 1);
