/**
 * Variance at two levels: between launches, and between the repeats of one launch. A launch mean of m repeats has
 * variance A + W tau / m, with A between launches, W within one, and tau = m / (effective size of m repeats) >= 1 where
 * neighbouring repeats are alike. A is what the spread of the launch means leaves over: unweighted means analysis
 * (Searle, Casella, McCulloch, "Variance Components", 1992, section 3.7).
 */
import { effectiveSampleSize } from './effective-size.ts';
import { sum, variance } from './moments.ts';

/** The repeats of one launch, in the order in which they ran; at least one. */
export type LaunchValues = readonly number[];

export interface LaunchSpread {
  /** Standard deviation between launches beyond what their repeats explain, in the unit of the values; 0 is an estimate. */
  readonly betweenLaunches: number;
  /** Standard deviation of the repeats of one launch, pooled; undefined where no launch has two. */
  readonly withinLaunch: number | undefined;
  /**
   * As how many independent repeats the mean is sure: variance of one repeat over the variance of the mean. Between the
   * number of launches and the number of repeats; near the former where repeats of a launch are alike. Kish, "Survey
   * Sampling" (1965), section 5.4 (the design effect of clusters). Undefined where nothing varies or no launch has two.
   */
  readonly effectiveRepeats: number | undefined;
}

/** `varianceOfMeans` is the variance of one launch mean about their trend. */
export function launchSpread(groups: readonly LaunchValues[], varianceOfMeans: number): LaunchSpread {
  const within = pooledWithin(groups);
  if (within === undefined) {
    return {
      betweenLaunches: Math.sqrt(varianceOfMeans),
      withinLaunch: undefined,
      effectiveRepeats: undefined,
    };
  }
  const repeats = sum(groups.map(({ length }) => length));
  const explained = (within * sum(groups.map((values) => 1 / independent(values)))) / groups.length;
  const between = Math.max(0, varianceOfMeans - explained);
  const worth = ((between + within) / varianceOfMeans) * groups.length;
  return {
    betweenLaunches: Math.sqrt(between),
    withinLaunch: Math.sqrt(within),
    effectiveRepeats: Number.isFinite(worth) ? Math.min(repeats, Math.max(groups.length, worth)) : undefined,
  };
}

/** As many independent repeats as these are worth; all of them where too few say how alike they are. */
function independent(values: LaunchValues): number {
  const effective = effectiveSampleSize(values);
  return effective.kind === 'value' ? effective.value : values.length;
}

/** Variance within launches, pooled over their degrees of freedom; undefined where no launch has two repeats. */
export function pooledWithin(groups: readonly LaunchValues[]): number | undefined {
  const spreads = groups.flatMap((values) => {
    const spread = variance(values);
    return spread.kind === 'missing'
      ? []
      : [{ squares: spread.value * (values.length - 1), degrees: values.length - 1 }];
  });
  const degrees = sum(spreads.map((spread) => spread.degrees));
  return degrees === 0 ? undefined : sum(spreads.map((spread) => spread.squares)) / degrees;
}
