/**
 * Gaps between successive token events, pooled over sequences. An event of k tokens is one gap.
 * In a static batch all sequences share each stamp: a percentile counts distinct steps when it asks whether the sample
 * is large enough, because equal stamps are one observation.
 */
import { type Maybe, mapMaybe, missing } from '../kernel/maybe.ts';
import { minimumSamples, PERCENTILE_CONFIDENCE, quantile } from '../stats/quantiles.ts';
import type { LaunchInput, Metric } from './metric.ts';
import { MILLISECONDS, OWN_SOURCE } from './shown.ts';
import { tokenGaps_ns } from './stamps.ts';

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
      withReason(quantile(tokenGaps_ns(sample).gaps_ns, 0.5), 'no sequence has two token events'),
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
  const pools = samples.map(tokenGaps_ns);
  const distinct = pools.reduce((total, pool) => total + pool.distinct, 0);
  const needed = minimumSamples(p);
  if (distinct < needed) {
    return missing(`needs ${needed} distinct steps for confidence ${PERCENTILE_CONFIDENCE}, has ${distinct}`);
  }
  return mapMaybe(
    quantile(
      pools.flatMap((pool) => pool.gaps_ns),
      p,
    ),
    (gap_ns) => gap_ns / 1e9,
  );
}

const withReason = <T>(maybe: Maybe<T>, reason: string): Maybe<T> =>
  maybe.kind === 'value' ? maybe : missing(reason);
