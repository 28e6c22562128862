/**
 * A monotone trend in several groups that share the time axis and may have different levels: Kendall's S summed over the
 * groups, its variance corrected for ties, the normal approximation with continuity correction, and the median of all
 * slopes within groups. Groups count as independent; values that hang together over time give smaller p than they should.
 * Sources: Mann (1945), "Nonparametric tests against trend"; Hirsch, Slack, Smith, "Techniques of trend analysis for
 * monthly water quality data", Water Resources Research 18 (1982): the seasonal test and its slope, which for one group
 * are the Mann-Kendall test and the slope of Theil (1950) and Sen (1968).
 */
import { type Maybe, mapMaybe, missing } from '../kernel/maybe.ts';
import type { Point } from './least-squares.ts';
import { normalCdf } from './normal.ts';
import { quantile } from './quantiles.ts';

export interface Trend {
  /** Unit of y per unit of x. */
  readonly slope: number;
  /** Two-sided. */
  readonly p: number;
}

/** Missing without two points of different x in one group, or where no value differs from another. */
export function kendallTrend(groups: readonly (readonly Point[])[]): Maybe<Trend> {
  const pairs = groups.flatMap(pairsOf);
  const s = pairs.reduce((total, { dx, dy }) => total + Math.sign(dx) * Math.sign(dy), 0);
  const variance = groups.reduce((total, group) => total + varianceOfS(group), 0);
  if (variance === 0)
    return missing({ en: 'nothing to find a trend in', ja: '傾向を調べる対象がありません' });
  const z = Math.max(0, Math.abs(s) - 1) / Math.sqrt(variance);
  const slopes = pairs.filter(({ dx }) => dx !== 0).map(({ dx, dy }) => dy / dx);
  return mapMaybe(quantile(slopes, 0.5), (slope) => ({ slope, p: 2 * normalCdf(-z) }));
}

function pairsOf(group: readonly Point[]): { readonly dx: number; readonly dy: number }[] {
  return group.flatMap((a, i) => group.slice(i + 1).map((b) => ({ dx: b.x - a.x, dy: b.y - a.y })));
}

/** Kendall's variance of S with ties in both variables (Kendall, "Rank Correlation Methods", 1970, equation 4.4). */
function varianceOfS(group: readonly Point[]): number {
  const n = group.length;
  if (n < 2) return 0;
  const x = tieSizes(group.map((point) => point.x));
  const y = tieSizes(group.map((point) => point.y));
  const total = (sizes: readonly number[], term: (size: number) => number): number =>
    sizes.reduce((sum, size) => sum + term(size), 0);
  const five = (size: number): number => size * (size - 1) * (2 * size + 5);
  const three = (size: number): number => size * (size - 1) * (size - 2);
  const two = (size: number): number => size * (size - 1);
  return (
    (five(n) - total(x, five) - total(y, five)) / 18 +
    (n > 2 ? (total(x, three) * total(y, three)) / (9 * three(n)) : 0) +
    (total(x, two) * total(y, two)) / (2 * two(n))
  );
}

function tieSizes(values: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()];
}
