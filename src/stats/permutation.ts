/**
 * A test by permutation within groups: how often a statistic is as large as seen when values change places with others of
 * their group. Exact at its level whatever the distribution, where values of a group are exchangeable (white noise).
 * Source: Good, "Permutation, Parametric, and Bootstrap Tests of Hypotheses" (2005), chapters 3 and 6; the observed order
 * counts as one of the orders (Phipson, Smyth, "Permutation p-values should never be zero", 2010).
 */
import type { RandomStream } from '../kernel/random.ts';

/** Resolves p to a thousandth. */
const ORDERS = 999;

/**
 * The share of orders with a statistic at least as large as that of `values`; in (0, 1].
 * @param groups the group of each value
 */
export function permutationP(
  values: readonly number[],
  groups: readonly string[],
  statistic: (values: readonly number[]) => number,
  stream: RandomStream,
): number {
  const places = new Map<string, number[]>();
  for (const [index, group] of groups.entries()) places.set(group, [...(places.get(group) ?? []), index]);
  // Sums of the same numbers in another order may differ in the last digits.
  const observed = statistic(values) * (1 - 1e-12);
  let asLarge = 1;
  for (let order = 0; order < ORDERS; order += 1) {
    const moved = [...values];
    for (const indices of places.values()) {
      for (const [i, from] of stream.shuffle(indices).entries()) {
        moved[indices[i] ?? 0] = values[from] ?? 0;
      }
    }
    if (statistic(moved) >= observed) asLarge += 1;
  }
  return asLarge / (ORDERS + 1);
}
