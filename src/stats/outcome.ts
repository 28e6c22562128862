/**
 * The outcome of a comparison by its interval against a margin of equivalence: the interval lies beyond the margin, or
 * within it, or neither.
 * Source: Schuirmann, "A comparison of the two one-sided tests procedure ...", J. Pharmacokinetics and
 * Biopharmaceutics 15 (1987). At level 0.95 the equivalence side is conservative (TOST at 5 % would use a 90 % interval).
 */
import type { Estimate } from './estimate.ts';

export type ComparisonOutcome = 'faster' | 'slower' | 'equivalent' | 'undecided';

/**
 * `ratio` = speed of one over the speed of the other (higher is faster); `margin` > 0, 0.02 = 2 %: ratios in
 * [1 / 1.02, 1.02] count as equal. Without an interval: undecided.
 */
export function comparisonOutcome(ratio: Estimate, margin: number): ComparisonOutcome {
  if (ratio.interval.kind === 'missing') return 'undecided';
  const { low, high } = ratio.interval.value;
  const upper = 1 + margin;
  const lower = 1 / upper;
  if (low >= lower && high <= upper) return 'equivalent';
  if (low > 1) return 'faster';
  if (high < 1) return 'slower';
  return 'undecided';
}
