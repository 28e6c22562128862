/**
 * Quantiles of a sample, in two rules, and how many samples a percentile needs before it may be printed.
 * Rules: Hyndman, Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996): type 7 (linear
 * interpolation, numpy's default) and type 1 (inverse of the empirical distribution, no interpolation).
 */
import { type Maybe, missing, NO_VALUES, present } from '../kernel/maybe.ts';

export type QuantileRule = 'linear' | 'inverse-cdf';

/** The `p` quantile (0 <= p <= 1) of `values` in any order, in their unit; missing for no values. */
export function quantile(values: readonly number[], p: number, rule: QuantileRule = 'linear'): Maybe<number> {
  return quantileOfSorted(sorted(values), p, rule);
}

/** As `quantile`, for values in ascending order. */
export function quantileOfSorted(
  ascending: readonly number[] | Float64Array,
  p: number,
  rule: QuantileRule = 'linear',
): Maybe<number> {
  const count = ascending.length;
  const at = (index: number): number => ascending[Math.min(count - 1, Math.max(0, index))] ?? Number.NaN;
  if (count === 0) return missing(NO_VALUES);
  switch (rule) {
    case 'linear': {
      const position = (count - 1) * p;
      const below = Math.floor(position);
      const fraction = position - below;
      return present(fraction === 0 ? at(below) : at(below) + fraction * (at(below + 1) - at(below)));
    }
    case 'inverse-cdf':
      return present(at(Math.ceil(count * p) - 1));
  }
}

/** Confidence that a printed percentile bounds the true one. */
export const PERCENTILE_CONFIDENCE = 0.99;

/**
 * Least number of samples for the `p` percentile: with n samples the largest is at least the true percentile with
 * probability 1 - p^n, so p^n <= 1 - confidence. 0.5 -> 7, 0.9 -> 44, 0.95 -> 90, 0.99 -> 459 at 0.99.
 * This is the binomial bound of MLPerf's early stopping with no sample allowed above the bound.
 * Source: MLPerf Inference, "Early stopping" in docs/early_stopping.md of mlcommons/inference.
 */
export function minimumSamples(p: number, confidence: number = PERCENTILE_CONFIDENCE): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(p));
}

/** The `p` percentile where the sample is large enough, else the reason with the number that it needs. */
export function guardedPercentile(values: readonly number[], p: number): Maybe<number> {
  const needed = minimumSamples(p);
  if (values.length < needed) {
    return missing({
      en: `needs ${needed} samples for confidence ${PERCENTILE_CONFIDENCE}, has ${values.length}`,
      ja: `信頼度 ${PERCENTILE_CONFIDENCE} には ${needed} 標本必要ですが、${values.length} しかありません`,
    });
  }
  return quantile(values, p);
}

/** A copy in ascending order. */
export const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();
