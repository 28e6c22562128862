/**
 * Variances from few values, held together with those of many like comparisons. Of three rounds a variance has two degrees
 * of freedom: by luck it is often far too small, and a test that allows for that decides next to nothing. An ensemble says
 * how large such variances are here and how much they differ; each is taken as the mean of its own and the ensemble's,
 * weighted by their degrees of freedom, which add up (moderated t).
 * Source: Smyth, "Linear models and empirical Bayes methods for assessing differential expression in microarray
 * experiments", Statistical Applications in Genetics and Molecular Biology 3 (2004), sections 4 and 6.2.
 *
 * More careful than the source in two ways: a variance that is larger than the mean stays as it is (comparisons that truly
 * vary more are not tested as if they were like the rest), and the ensemble counts for `MOST_DEGREES` at most.
 */
import digamma from '@stdlib/math-base-special-digamma';
import trigamma from '@stdlib/math-base-special-trigamma';
import { mean, sum, variance } from './moments.ts';

export interface VarianceEstimate {
  /** 0 where nothing varies. */
  readonly variance: number;
  /** Above 0. */
  readonly degrees: number;
}

/** Fewer variances than this tell nothing of an ensemble. */
export const FEWEST_VARIANCES = 10;

/** Comparisons share cells: the ensemble knows less than its size says. */
export const MOST_DEGREES = 10;

/** What an ensemble says of one of its variances; undefined where it is too small. Variances of 0 are exact, and left out. */
export function variancePrior(ensemble: readonly VarianceEstimate[]): VarianceEstimate | undefined {
  const known = ensemble.filter(({ variance: own }) => own > 0);
  if (known.length < FEWEST_VARIANCES) return undefined;
  const logarithms = known.map(({ variance: own, degrees }) => Math.log(own) - logBias(degrees));
  const centre = mean(logarithms);
  const spread = variance(logarithms);
  if (centre.kind === 'missing' || spread.kind === 'missing') return undefined;
  // What is left of the spread once that of variances of equal size is taken away.
  const excess = spread.value - sum(known.map(({ degrees }) => trigamma(degrees / 2))) / known.length;
  if (excess <= 0) return { variance: Math.exp(centre.value), degrees: MOST_DEGREES };
  const degrees = 2 * trigammaInverse(excess);
  return {
    variance: Math.exp(centre.value + logBias(degrees)),
    degrees: Math.min(degrees, MOST_DEGREES),
  };
}

/** `own` in the light of `prior`. */
export function moderated(own: VarianceEstimate, prior: VarianceEstimate | undefined): VarianceEstimate {
  if (prior === undefined || own.variance === 0) return own;
  const degrees = own.degrees + prior.degrees;
  const shared = (own.degrees * own.variance + prior.degrees * prior.variance) / degrees;
  return { variance: Math.max(own.variance, shared), degrees };
}

/** Mean of the logarithm of chi-squared over its degrees of freedom. */
const logBias = (degrees: number): number => digamma(degrees / 2) - Math.log(degrees / 2);

/** The x at which trigamma, which falls from infinity to 0, is `value` > 0; by halving on a logarithmic scale. */
function trigammaInverse(value: number): number {
  let [low, high] = [Math.log(1e-6), Math.log(1e9)];
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (trigamma(Math.exp(middle)) > value) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
