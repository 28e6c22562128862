/**
 * Wilcoxon's signed-rank test, exact: the probability that differences symmetric around 0 have positive ranks that sum to
 * as much as seen. Zeros are left out. Source: Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin
 * 1 (1945); tied ranks are doubled so that all sums are whole, and the distribution is that of the ranks as they are.
 */
import { ranks } from './ranks.ts';

/** One-sided p of `differences` being positive; 1 for none that differs from 0. */
export function signedRankP(differences: readonly number[]): number {
  const given = differences.filter((difference) => difference !== 0);
  const doubled = ranks(given.map(Math.abs)).map((rank) => Math.round(2 * rank));
  const observed = doubled.reduce((sum, rank, i) => sum + ((given[i] ?? 0) > 0 ? rank : 0), 0);
  // probabilities[s] = P(sum of positive doubled ranks = s)
  let probabilities = [1];
  for (const rank of doubled) {
    const next = new Array<number>(probabilities.length + rank).fill(0);
    for (const [sum, probability] of probabilities.entries()) {
      next[sum] = (next[sum] ?? 0) + probability / 2;
      next[sum + rank] = (next[sum + rank] ?? 0) + probability / 2;
    }
    probabilities = next;
  }
  return Math.min(
    1,
    probabilities.slice(observed).reduce((sum, probability) => sum + probability, 0),
  );
}
