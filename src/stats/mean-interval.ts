/**
 * The mean of a quantity over launches with its interval. A launch (one process with one loaded model) is the
 * independent unit: repeats inside it share memory layout, page placement and thread placement, so they are averaged
 * first and never counted as independent.
 *
 * Rule, launches with equally many repeats: Student's t over launch means, n - 1 degrees of freedom.
 * Source: Kalibera, Jones, "Rigorous benchmarking in reasonable time" (ISMM 2013), and Georges, Buytaert, Eeckhout,
 * "Statistically rigorous Java performance evaluation" (OOPSLA 2007), sections 3.2 and 3.3.
 *
 * Rule, unequal repeats: a launch mean has variance v_i = A + W / n_i (A between launches, W within one). The mean of
 * means stays unweighted (unbiased whatever A and W are); its variance is the spread S^2 of the launch means over n, and
 * the degrees of freedom match the first two moments of S^2, a quadratic form in normals of unequal variance:
 * df = (sum v)^2 (1 - 1/n)^2 / (sum v^2 (1 - 2/n) + (sum v)^2 / n^2), which is n - 1 when all v_i are equal.
 * Source: Satterthwaite, "An approximate distribution of estimates of variance components", Biometrics Bulletin 2
 * (1946), 110-114; A and W by unweighted means analysis (Searle, Casella, McCulloch, "Variance Components", 1992,
 * section 3.7).
 *
 * What it does not do: a percentile bootstrap. Over 2 to 10 launches that covers 62 to 90 % instead of 95 %.
 */
import { type Maybe, mapMaybe, missing, present, presentValues } from '../kernel/maybe.ts';
import type { Estimate, Interval } from './estimate.ts';
import { LEVEL } from './estimate.ts';
import { mean, sum, variance } from './moments.ts';
import { twoSidedFactor } from './student-t.ts';

/** The repeats of one launch, in the order in which they ran; at least one. */
export type LaunchValues = readonly number[];

/** The estimate over `launches` (empty ones are ignored); missing where nothing was measured. Unit of the values. */
export function meanInterval(launches: readonly LaunchValues[], level: number = LEVEL): Maybe<Estimate> {
  const groups = launches.filter((values) => values.length > 0);
  const launchMeans = presentValues(groups.map(mean));
  const repeats = sum(groups.map((values) => values.length));
  return mapMaybe(mean(launchMeans), (centre) => ({
    mean: centre,
    ...intervalOf(groups, launchMeans, centre, level),
    launches: groups.length,
    repeats,
    origin: 'measured' as const,
  }));
}

function intervalOf(
  groups: readonly LaunchValues[],
  launchMeans: readonly number[],
  centre: number,
  level: number,
): Pick<Estimate, 'interval' | 'rule'> {
  const between = variance(launchMeans);
  if (between.kind === 'missing') {
    // Repeats of one launch say nothing of the spread between launches, however many they are.
    return { interval: missing('no interval: single launch'), rule: 'one launch mean' };
  }
  const count = launchMeans.length;
  const degrees = degreesOfFreedom(groups, between.value);
  const half = twoSidedFactor(level, degrees) * Math.sqrt(between.value / count);
  const interval: Interval = { low: centre - half, high: centre + half, level };
  const rule =
    degrees === count - 1
      ? `t over ${count} launch means`
      : `t over ${count} launch means, Satterthwaite's ${degrees.toFixed(1)} degrees of freedom (unequal repeats)`;
  return { interval: present(interval), rule };
}

/** See the header; `between` is the variance of the launch means. At least 1. */
export function degreesOfFreedom(groups: readonly LaunchValues[], between: number): number {
  const count = groups.length;
  const sizes = groups.map((values) => values.length);
  const within = pooledWithin(groups);
  if (within === undefined || between === 0 || sizes.every((size) => size === sizes[0])) return count - 1;
  const meanInverse = sum(sizes.map((size) => 1 / size)) / count;
  const betweenLaunches = Math.max(0, between - within * meanInverse);
  const variances = sizes.map((size) => betweenLaunches + within / size);
  const total = sum(variances);
  const squares = sum(variances.map((one) => one * one));
  if (squares === 0) return count - 1;
  const matched = (total * (1 - 1 / count)) ** 2 / (squares * (1 - 2 / count) + (total / count) ** 2);
  return Math.min(count - 1, Math.max(1, matched));
}

/** Variance within launches, pooled; undefined where no launch has two repeats. */
function pooledWithin(groups: readonly LaunchValues[]): number | undefined {
  const spreads = groups.flatMap((values) => {
    const spread = variance(values);
    return spread.kind === 'missing'
      ? []
      : [{ squares: spread.value * (values.length - 1), degrees: values.length - 1 }];
  });
  const degrees = sum(spreads.map((spread) => spread.degrees));
  return degrees === 0 ? undefined : sum(spreads.map((spread) => spread.squares)) / degrees;
}
