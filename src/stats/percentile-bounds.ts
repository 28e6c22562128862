/**
 * What a sample says for sure of a percentile, whatever its distribution: each of n independent values is below the true
 * p quantile with probability p, so that their number below it is binomial, and a value of the sorted sample bounds the
 * percentile with a probability that is known beforehand.
 * Source: the early stopping of MLPerf LoadGen (docs/early_stopping.md of mlcommons/inference), which discards as many of
 * the largest values as this allows and reports the next one; order statistics as in David, Nagaraja, "Order Statistics"
 * (2003), section 7.1.
 */
import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import { type Maybe, missing, NO_VALUES, present } from '../kernel/maybe.ts';
import { minimumSamples, PERCENTILE_CONFIDENCE } from './quantiles.ts';

/**
 * How many of the largest of `count` values may be discarded, so that the next one is at least the `p` percentile with
 * `confidence`; missing where not even the largest is. 459 values allow 0 for the 99th percentile at 0.99, 662 allow 1.
 */
export function discardable(
  count: number,
  p: number,
  confidence: number = PERCENTILE_CONFIDENCE,
): Maybe<number> {
  const needed = minimumSamples(p, confidence);
  if (count < needed) {
    return missing({
      en: `needs ${needed} for confidence ${confidence}, has ${count}: their largest bounds the ${(100 * boundedBy(count, confidence)).toFixed(1)}th percentile at most`,
      ja: `信頼度 ${confidence} には ${needed} 個必要ですが、${count} 個です: その最大値で抑えられるのは ${(100 * boundedBy(count, confidence)).toFixed(1)} パーセンタイルまでです`,
    });
  }
  let [low, high] = [0, count - 1];
  // The value with `discarded` above it is below the percentile when more than that many values are above: binomial.
  const isSafe = (discarded: number): boolean => binomialCdf(discarded, count, 1 - p) <= 1 - confidence;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isSafe(middle)) low = middle;
    else high = middle - 1;
  }
  return present(low);
}

/** The largest percentile, in [0, 1), that the largest of `count` values bounds with `confidence`. */
export const boundedBy = (count: number, confidence: number): number => (1 - confidence) ** (1 / count);

/**
 * A value that is at least the `p` percentile with `confidence`. `distinct` <= `ascending.length` says how many of the
 * values are independent, where equal ones stand for one (all sequences of a batch share a step).
 */
export function percentileUpperBound(
  ascending: Float64Array,
  distinct: number,
  p: number,
  confidence: number = PERCENTILE_CONFIDENCE,
): Maybe<number> {
  const discarded = discardable(distinct, p, confidence);
  if (discarded.kind === 'missing') return discarded;
  const rank = Math.ceil(((distinct - discarded.value) / distinct) * ascending.length);
  const bound = ascending[rank - 1];
  return bound === undefined ? missing(NO_VALUES) : present(bound);
}
