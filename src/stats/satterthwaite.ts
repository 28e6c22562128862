/**
 * Degrees of freedom of the spread of launch means whose variances differ because launches have unequally many repeats:
 * v_i = A + W / n_i (A between launches, W within one). The sum of squares about the trend is a quadratic form in
 * normals; a chi^2 with its first two moments has (sum M_ii v_i)^2 / sum M_ij^2 v_i v_j degrees of freedom, where M turns
 * values into residuals: n - 1 about a mean and n - 2 about a line when all v_i are equal, and fewer otherwise.
 * Source: Satterthwaite, "An approximate distribution of estimates of variance components", Biometrics Bulletin 2
 * (1946), 110-114.
 */
import { type LaunchValues, pooledWithin } from './launch-spread.ts';
import { sum } from './moments.ts';
import { parametersOf, residualMaker, type Trend } from './trend.ts';

/** `between` is the variance of one launch mean about `trend`. At least 1, at most n less the trend's parameters. */
export function degreesOfFreedom(
  groups: readonly LaunchValues[],
  between: number,
  trend: Trend = 'mean',
): number {
  const count = groups.length;
  const full = count - parametersOf(trend);
  if (between === 0 || !hasUnequalRepeats(groups)) return full;
  const within = pooledWithin(groups);
  if (within === undefined) return full;
  const meanInverse = sum(groups.map(({ length }) => 1 / length)) / count;
  const betweenLaunches = Math.max(0, between - within * meanInverse);
  const variances = groups.map(({ length }) => betweenLaunches + within / length);
  const maker = residualMaker(count, trend);
  const expected = sum(variances.map((one, i) => maker(i, i) * one));
  const squares = sum(
    variances.map((one, i) => sum(variances.map((other, j) => maker(i, j) ** 2 * one * other))),
  );
  return squares === 0 ? full : Math.min(full, Math.max(1, expected ** 2 / squares));
}

export const hasUnequalRepeats = (groups: readonly LaunchValues[]): boolean =>
  groups.some(({ length }) => length !== groups[0]?.length);
