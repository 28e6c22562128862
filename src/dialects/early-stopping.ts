/**
 * MLPerf's early-stopping estimate of a percentile: the least order statistic that is above the true percentile with the
 * given confidence. With n samples, the number above the true percentile is binomial (n, 1 - p); t is the largest count
 * whose distribution function is below 1 - confidence, and the t - 1 highest samples are discarded.
 * Source: mlcommons/inference, loadgen/early_stopping.cc at 51a4a7ea569d and results.cc at 05a9cec3596d. With p = 0.9
 * and confidence 0.99 it needs 64 samples, with p = 0.99 662, as MLPerf's rules say.
 */
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { sorted } from '../stats/quantiles.ts';

const CONFIDENCE = 0.99;

/** In the unit of `values`; missing where there are too few, with their number. */
export function earlyStoppingEstimate(values: readonly number[], p: number): Maybe<number> {
  const allowed = allowedAbove(values.length, p);
  const estimate = allowed < 1 ? undefined : sorted(values)[values.length - allowed];
  return estimate === undefined
    ? missing({
        en: `too few requests for an early-stopping estimate: ${values.length}`,
        ja: `early-stopping の推定にはリクエストが足りません: ${values.length}`,
      })
    : present(estimate);
}

/** The largest t for which P(X <= t) < 1 - confidence, X binomial (count, 1 - p); -1 where there is none. */
export function allowedAbove(count: number, p: number): number {
  const limit = Math.log(1 - CONFIDENCE);
  // In logarithms: p^count is below the smallest double from some thousand samples on.
  let logTerm = count * Math.log(p);
  let logSum = logTerm;
  let t = -1;
  while (t + 1 < count && logSum < limit) {
    t += 1;
    logTerm += Math.log((count - t) / (t + 1)) + Math.log((1 - p) / p);
    logSum = Math.max(logSum, logTerm) + Math.log1p(Math.exp(-Math.abs(logSum - logTerm)));
  }
  return t;
}
