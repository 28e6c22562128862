/** Two ways of timing the same work -> their ratio in each region that both know. Pure. */
import type { Maybe } from '../../src/kernel/maybe.ts';
import type { Estimate } from '../../src/stats/estimate.ts';
import { pairedRatio } from '../../src/stats/paired-ratio.ts';
import { REGIONS, type Region, type Times } from './times.ts';

export interface TimedPair {
  readonly ours: Times;
  readonly theirs: Times;
}

export interface RegionRatio {
  readonly region: Region;
  /** Our time over theirs: above 1, Hayasa reads slower. Its interval is t over logarithms, one for each pair. */
  readonly ratio: Maybe<Estimate>;
  /** `within` the margin: the whole interval lies in [1 / (1 + margin), 1 + margin]; `beyond`: none of it does. */
  readonly verdict: 'within' | 'beyond' | 'undecided';
  /** [pair], nanoseconds. */
  readonly ours_ns: readonly number[];
  readonly theirs_ns: readonly number[];
}

/** @param margin 0.03: ratios in [1 / 1.03, 1.03] are within */
export function regionRatios(pairs: readonly TimedPair[], margin: number): RegionRatio[] {
  return REGIONS.flatMap((region) => {
    const known = pairs.flatMap(({ ours, theirs }) => {
      const [a, b] = [ours[region], theirs[region]];
      return a === undefined || b === undefined ? [] : [{ a, b }];
    });
    if (known.length === 0) return [];
    const ratio = pairedRatio(known);
    return [
      {
        region,
        ratio,
        verdict: verdictOf(ratio, margin),
        ours_ns: known.map(({ a }) => a),
        theirs_ns: known.map(({ b }) => b),
      },
    ];
  });
}

function verdictOf(ratio: Maybe<Estimate>, margin: number): RegionRatio['verdict'] {
  if (ratio.kind === 'missing' || ratio.value.interval.kind === 'missing') return 'undecided';
  const { low, high } = ratio.value.interval.value;
  if (low >= 1 / (1 + margin) && high <= 1 + margin) return 'within';
  return high < 1 / (1 + margin) || low > 1 + margin ? 'beyond' : 'undecided';
}
