/**
 * The mean of a quantity over launches with its interval. A launch (one process with one loaded model) is the
 * independent unit: repeats inside it share memory layout, page placement and thread placement, so they are averaged
 * first and never counted as independent. The mean of launch means is unweighted: unbiased whatever the spread between
 * and within launches is.
 *
 * The rule depends on the number of launches:
 * - 1: no interval;
 * - 2 to 4: Student's t over launch means;
 * - 5 to 19: the same about a straight line through the launches in their order (`trend.ts`): a drift of the machine is
 *   the rule on shared hardware, and without the line the interval would cover it as if it were noise;
 * - from 20: the studentised bootstrap about that line (`bootstrap.ts`).
 * Unequal repeats lower the degrees of freedom (`satterthwaite.ts`); t reaches further towards a long tail of the repeats
 * (`long-tail.ts`), as the bootstrap does by itself.
 * Sources: Kalibera, Jones, "Rigorous benchmarking in reasonable time" (ISMM 2013), and Georges, Buytaert, Eeckhout,
 * "Statistically rigorous Java performance evaluation" (OOPSLA 2007), sections 3.2 and 3.3.
 *
 * What it does not do: a percentile bootstrap. Over 2 to 10 launches that covers 62 to 90 % instead of 95 %.
 */
import { type Maybe, mapMaybe, missing, present, presentValues } from '../kernel/maybe.ts';
import { RESAMPLES, studentisedFactors } from './bootstrap.ts';
import type { Estimate } from './estimate.ts';
import { LEVEL } from './estimate.ts';
import { type IntervalMethod, methodWords } from './interval-method.ts';
import { type LaunchValues, launchSpread } from './launch-spread.ts';
import { tailFactors } from './long-tail.ts';
import { mean, sum } from './moments.ts';
import { degreesOfFreedom, hasUnequalRepeats } from './satterthwaite.ts';
import { twoSidedFactor } from './student-t.ts';
import { residualVariance, type Trend, trendFor } from './trend.ts';

/** Fewer launches know too little of the tails for a bootstrap. */
export const LAUNCHES_FOR_BOOTSTRAP = 20;

/**
 * The estimate over `launches` in the order in which they ran (empty ones are ignored); missing where nothing was
 * measured. Unit of the values.
 */
export function meanInterval(launches: readonly LaunchValues[], level: number = LEVEL): Maybe<Estimate> {
  const groups = launches.filter((values) => values.length > 0);
  const launchMeans = presentValues(groups.map(mean));
  return mapMaybe(mean(launchMeans), (centre) => ({
    mean: centre,
    ...intervalOf(groups, launchMeans, centre, level),
    launches: groups.length,
    repeats: sum(groups.map((values) => values.length)),
    origin: 'measured' as const,
  }));
}

function intervalOf(
  groups: readonly LaunchValues[],
  launchMeans: readonly number[],
  centre: number,
  level: number,
): Pick<Estimate, 'interval' | 'rule' | 'method' | 'spread'> {
  const count = launchMeans.length;
  if (count < 2) {
    const method: IntervalMethod = { kind: 'single-launch' };
    return {
      interval: missing({ en: 'no interval: single launch', ja: '区間なし: 起動が 1 回だけ' }),
      rule: methodWords(method),
      method,
    };
  }
  const trend = trendFor(count);
  const between = residualVariance(launchMeans, trend);
  const { below, above, method } = reach(groups, launchMeans, between, trend, level);
  const error = Math.sqrt(between / count);
  return {
    interval: present({ low: centre - below * error, high: centre + above * error, level }),
    rule: methodWords(method),
    method,
    spread: launchSpread(groups, between),
  };
}

/** How many standard errors the interval reaches below and above the mean. */
function reach(
  groups: readonly LaunchValues[],
  launchMeans: readonly number[],
  between: number,
  trend: Trend,
  level: number,
): { readonly below: number; readonly above: number; readonly method: IntervalMethod } {
  const launches = launchMeans.length;
  const factors =
    launches < LAUNCHES_FOR_BOOTSTRAP ? undefined : studentisedFactors(launchMeans, trend, level);
  if (factors !== undefined) {
    const method = { kind: 'studentised-bootstrap', launches, resamples: RESAMPLES } as const;
    return { below: factors.upper, above: -factors.lower, method };
  }
  const degrees = degreesOfFreedom(groups, between, trend);
  const factor = twoSidedFactor(level, degrees);
  const tails = tailFactors(groups);
  return {
    below: factor * tails.below,
    above: factor * tails.above,
    method: {
      kind: trend === 'line' ? 't-about-line' : 't-about-mean',
      launches,
      degreesOfFreedom: degrees,
      unequalRepeats: hasUnequalRepeats(groups),
      ...(tails.below === 1 && tails.above === 1 ? {} : { tails }),
    },
  };
}
