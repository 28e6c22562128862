/**
 * Where a series changed its level, by the cumulative sum of its ranks: K = max over k of |sum over i <= k of (rank - mean
 * rank)|. Source: Pettitt, "A non-parametric approach to the change-point problem", Applied Statistics 28 (1979); his
 * approximate p is replaced by permutations, because series here are short.
 */
import { ranks } from './ranks.ts';

export interface ChangePoint {
  /** Values before the change; at least 1. */
  readonly before: number;
  /** Pettitt's K, up to a factor of 2. */
  readonly statistic: number;
}

/** The likeliest change of `series` in its order; two values or more. */
export function changePoint(series: readonly number[]): ChangePoint {
  const centre = (series.length + 1) / 2;
  let cumulative = 0;
  let best: ChangePoint = { before: 1, statistic: 0 };
  for (const [index, rank] of ranks(series).slice(0, -1).entries()) {
    cumulative += rank - centre;
    if (Math.abs(cumulative) > best.statistic) {
      best = { before: index + 1, statistic: Math.abs(cumulative) };
    }
  }
  return best;
}
