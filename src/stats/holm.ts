/**
 * Holm's step-down adjustment: with adjusted p-values at most alpha taken as findings, the probability of one false
 * finding or more among all tests is at most alpha, whatever the dependence between them, and no test loses more than
 * with Bonferroni.
 * Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
 */

/** Adjusted p-values in the order of `values` (each in [0, 1]); a single test stays as it is. */
export function holmAdjusted(values: readonly number[]): number[] {
  const ascending = values.map((value, index) => ({ value, index })).sort((x, y) => x.value - y.value);
  const adjusted = values.map(() => 1);
  let largest = 0;
  for (const [rank, { value, index }] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, (values.length - rank) * value));
    adjusted[index] = largest;
  }
  return adjusted;
}
