/**
 * Gaps between successive token events, pooled over sequences. An event of k tokens is one gap.
 * In a static batch all sequences share each stamp: a percentile counts distinct steps when it asks whether the sample
 * is large enough, because equal stamps are one observation.
 */
import type { JournalSample } from '../journal/records.ts';
import { type Maybe, mapMaybe, missing } from '../kernel/maybe.ts';
import { minimumSamples, PERCENTILE_CONFIDENCE, quantileOfSorted } from '../stats/quantiles.ts';
import type { LaunchInput, Metric } from './metric.ts';
import { MILLISECONDS, OWN_SOURCE } from './shown.ts';
import { tokenGaps } from './stamps.ts';

/** Median gap of one repeat. */
export const interTokenLatency: Metric = {
  id: 'itl',
  title: 'ITL, median',
  definition: 'Median of all gaps between successive token events of a sequence, pooled over the batch.',
  formula: 'median(gap)',
  source: OWN_SOURCE,
  ...MILLISECONDS,
  undefinedWhen: 'no sequence has two token events',
  main: false,
  level: 'repeat',
  compute: ({ sample }) =>
    mapMaybe(
      withReason(quantileOfSorted(tokenGaps(sample).gaps_ns.sort(), 0.5), 'no sequence has two token events'),
      (gap_ns) => gap_ns / 1e9,
    ),
};

/** The `p` percentile over a launch's repeats. */
const percentile = (p: number, id: string, title: string): Metric => ({
  id,
  title,
  definition: `The ${p * 100}th percentile (linear interpolation) of all gaps between successive token events, pooled over the batch and the repeats of a launch.`,
  formula: `quantile(gap, ${p})`,
  source: OWN_SOURCE,
  ...MILLISECONDS,
  undefinedWhen: `fewer than ${minimumSamples(p)} distinct steps (binomial bound at confidence ${PERCENTILE_CONFIDENCE})`,
  main: false,
  level: 'launch',
  compute: (input) => pooledPercentile(input, p),
});

export const interTokenLatencyP95: Metric = percentile(0.95, 'itl-p95', 'ITL, 95th percentile');
export const interTokenLatencyP99: Metric = percentile(0.99, 'itl-p99', 'ITL, 99th percentile');

function pooledPercentile({ samples }: LaunchInput, p: number): Maybe<number> {
  const { distinct, ascending_ns } = pooled(samples);
  const needed = minimumSamples(p);
  if (distinct < needed) {
    return missing(`needs ${needed} distinct steps for confidence ${PERCENTILE_CONFIDENCE}, has ${distinct}`);
  }
  return mapMaybe(quantileOfSorted(ascending_ns, p), (gap_ns) => gap_ns / 1e9);
}

interface Pool {
  readonly distinct: number;
  readonly ascending_ns: Float64Array;
}

/** Two percentiles ask for the same pool. */
const known = new WeakMap<readonly JournalSample[], Pool>();

function pooled(samples: readonly JournalSample[]): Pool {
  const found = known.get(samples) ?? pool(samples);
  known.set(samples, found);
  return found;
}

function pool(samples: readonly JournalSample[]): Pool {
  const pools = samples.map(tokenGaps);
  const ascending_ns = new Float64Array(pools.reduce((total, { gaps_ns }) => total + gaps_ns.length, 0));
  let at = 0;
  for (const { gaps_ns } of pools) {
    ascending_ns.set(gaps_ns, at);
    at += gaps_ns.length;
  }
  return {
    distinct: pools.reduce((total, { distinct }) => total + distinct, 0),
    ascending_ns: ascending_ns.sort(),
  };
}

const withReason = <T>(maybe: Maybe<T>, reason: string): Maybe<T> =>
  maybe.kind === 'value' ? maybe : missing(reason);
