/**
 * Gaps between successive token events, pooled over sequences. An event of k tokens is one gap.
 * In a static batch all sequences share each stamp: a percentile counts distinct steps when it asks whether the sample
 * is large enough, because equal stamps are one observation.
 */
import type { JournalSample } from '../journal/record-parts.ts';
import type { Words } from '../kernel/language.ts';
import { type Maybe, mapMaybe, missing } from '../kernel/maybe.ts';
import { sortPlaces } from '../stats/partial-sort.ts';
import { boundedBy, percentileUpperBound } from '../stats/percentile-bounds.ts';
import { minimumSamples, PERCENTILE_CONFIDENCE, quantileOfSorted } from '../stats/quantiles.ts';
import type { LaunchInput, Metric } from './metric.ts';
import { MILLISECONDS, OWN_SOURCE } from './shown.ts';
import { type GapRoom, tokenGaps } from './stamps.ts';

/** Of the median, which is asked of one repeat after the other. */
const room: GapRoom = { gaps_ns: new Float64Array(0), endsIn: new Uint32Array(0) };

/** Median gap of one repeat. */
export const interTokenLatency: Metric = {
  id: 'itl',
  title: { en: 'ITL, median', ja: 'ITL 中央値' },
  definition: {
    en: 'Median of all gaps between successive token events of a sequence, pooled over the batch.',
    ja: '系列の連続するトークンイベントの間隔すべての中央値。バッチでまとめて求める。',
  },
  formula: 'median(gap)',
  source: OWN_SOURCE,
  ...MILLISECONDS,
  undefinedWhen: 'no sequence has two token events',
  main: false,
  level: 'repeat',
  compute: ({ sample }) => {
    const { gaps_ns } = tokenGaps([sample], room);
    const half = (gaps_ns.length - 1) / 2;
    sortPlaces(gaps_ns, Math.floor(half), Math.ceil(half));
    return mapMaybe(
      withReason(quantileOfSorted(gaps_ns, 0.5), {
        en: 'no sequence has two token events',
        ja: 'トークンの出た時点が 2 つ以上ある系列がありません',
      }),
      (gap_ns) => gap_ns / 1e9,
    );
  },
};

/** The `p` percentile over a launch's repeats. */
const percentile = (p: number, id: string, title: Words): Metric => ({
  id,
  title,
  definition: {
    en: `The ${p * 100}th percentile (linear interpolation) of all gaps between successive token events, pooled over the batch and the repeats of a launch.`,
    ja: `連続するトークンイベントの間隔すべての ${p * 100} パーセンタイル（線形補間）。バッチと起動の反復をまとめて求める。`,
  },
  formula: `quantile(gap, ${p})`,
  source: OWN_SOURCE,
  ...MILLISECONDS,
  undefinedWhen: `fewer than ${minimumSamples(p)} distinct steps (binomial bound at confidence ${PERCENTILE_CONFIDENCE})`,
  main: false,
  level: 'launch',
  poolsRepeats: true,
  compute: (input) => pooledPercentile(input, p),
});

/** What the steps of a launch guarantee of the `p` percentile: MLPerf's early-stopping estimate. */
const percentileBound = (p: number, id: string, title: Words): Metric => ({
  id,
  title,
  definition: {
    en: `A gap that is at least the ${p * 100}th percentile with confidence ${PERCENTILE_CONFIDENCE}, from the distinct steps of a launch's repeats: as many of the largest gaps as the binomial distribution allows are discarded, and the next one is taken. Steps are taken as independent.`,
    ja: `起動の反復の異なるステップから求めた、信頼度 ${PERCENTILE_CONFIDENCE} で ${p * 100} パーセンタイル以上である間隔: 最大の間隔を二項分布が許す数だけ捨て、その次を取る。ステップは独立とみなす。`,
  },
  formula: `the largest gap but t, P(binomial(steps, ${(1 - p).toFixed(2)}) <= t) <= ${(1 - PERCENTILE_CONFIDENCE).toFixed(2)}`,
  source: 'MLPerf Inference, early stopping (docs/early_stopping.md of mlcommons/inference)',
  ...MILLISECONDS,
  undefinedWhen: `fewer than ${minimumSamples(p)} distinct steps`,
  main: false,
  level: 'launch',
  poolsRepeats: true,
  compute: ({ samples }) => {
    const { distinct, ascending_ns } = pooled(samples);
    return distinct < minimumSamples(p)
      ? tooFew(samples, p)
      : mapMaybe(percentileUpperBound(ascending_ns, distinct, p), (gap_ns) => gap_ns / 1e9);
  },
});

export const interTokenLatencyP95: Metric = percentile(0.95, 'itl-p95', {
  en: 'ITL, 95th percentile',
  ja: 'ITL 95 パーセンタイル',
});
export const interTokenLatencyP99: Metric = percentile(0.99, 'itl-p99', {
  en: 'ITL, 99th percentile',
  ja: 'ITL 99 パーセンタイル',
});

export const interTokenLatencyP95Bound: Metric = percentileBound(0.95, 'itl-p95-bound', {
  en: 'ITL, bound of the 95th percentile',
  ja: 'ITL 95 パーセンタイルの上界',
});
export const interTokenLatencyP99Bound: Metric = percentileBound(0.99, 'itl-p99-bound', {
  en: 'ITL, bound of the 99th percentile',
  ja: 'ITL 99 パーセンタイルの上界',
});

/** Too few steps for the `p` percentile: what they can bound instead. */
function tooFew(samples: readonly JournalSample[], p: number): Maybe<number> {
  const { distinct, ascending_ns } = pooled(samples);
  const largest_ns = ascending_ns.at(-1);
  const reason: Words = {
    en: `needs ${minimumSamples(p)} distinct steps for confidence ${PERCENTILE_CONFIDENCE}, has ${distinct}`,
    ja: `信頼度 ${PERCENTILE_CONFIDENCE} には別々のステップが ${minimumSamples(p)} 個必要ですが、${distinct} 個です`,
  };
  if (largest_ns === undefined || distinct === 0) return missing(reason);
  const percentile = (100 * boundedBy(distinct, PERCENTILE_CONFIDENCE)).toFixed(1);
  const largest = `${(largest_ns / 1e6).toFixed(2)} ms`;
  return missing({
    en: `${reason.en}: the largest, ${largest}, bounds the ${percentile}th percentile`,
    ja: `${reason.ja}: 最大値 ${largest} は ${percentile} パーセンタイルの上界です`,
  });
}

function pooledPercentile({ samples }: LaunchInput, p: number): Maybe<number> {
  const { distinct, ascending_ns } = pooled(samples);
  if (distinct < minimumSamples(p)) return tooFew(samples, p);
  return mapMaybe(quantileOfSorted(ascending_ns, p), (gap_ns) => gap_ns / 1e9);
}

/** Bounds of a percentile lie above it, so that nothing below the lowest one is asked for. */
const LOWEST_PERCENTILE = 0.95;

interface Pool {
  readonly distinct: number;
  readonly ascending_ns: Float64Array;
}

/** The percentiles ask for the pool of one launch, one after the other. */
let known: { readonly samples: readonly JournalSample[]; readonly pool: Pool } | undefined;

function pooled(samples: readonly JournalSample[]): Pool {
  if (known?.samples !== samples) known = { samples, pool: pool(samples) };
  return known.pool;
}

/** In ascending order from where the lowest percentile is looked for; below that in any order. */
function pool(samples: readonly JournalSample[]): Pool {
  const { distinct, gaps_ns } = tokenGaps(samples);
  const low = Math.floor((gaps_ns.length - 1) * LOWEST_PERCENTILE);
  if (gaps_ns.length > 0) sortPlaces(gaps_ns, low, gaps_ns.length - 1);
  return { distinct, ascending_ns: gaps_ns };
}

const withReason = <T>(maybe: Maybe<T>, reason: Words): Maybe<T> =>
  maybe.kind === 'value' ? maybe : missing(reason);
