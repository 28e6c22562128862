/**
 * MLPerf's LoadGen with token latencies: everything counts from when the schedule wanted the request, means are of whole
 * nanoseconds, percentiles the element at index floor(n p) or the early-stopping estimate.
 */
import { type Maybe, mapMaybe, missing, NO_VALUES, present } from '../kernel/maybe.ts';
import { sum } from '../stats/moments.ts';
import { type Dialect, type DialectMetric, type Relation, rate } from './dialect.ts';
import { earlyStoppingEstimate } from './early-stopping.ts';
import { type DialectRequest, requestsOf, totalTokens, windows_s } from './run.ts';
import {
  differs,
  floorIndex,
  MILLISECONDS,
  none,
  perSecondOf,
  SECONDS,
  type Statistic,
  statisticsOf,
} from './series.ts';

/** Integer division of integer nanoseconds. */
const MEAN_NS: Statistic = {
  word: 'mean in whole ns',
  compute: (values) =>
    values.length === 0 ? missing(NO_VALUES) : present(Math.trunc(sum(values) / values.length) / 1e9),
};

const firstToken_ns = ({ events, intended_ns }: DialectRequest): number[] =>
  events.slice(0, 1).map(({ ns }) => ns - intended_ns);
const latency_ns = ({ end_ns, intended_ns }: DialectRequest): number => end_ns - intended_ns;
const perToken_ns = (request: DialectRequest): number[] =>
  request.outputTokens < 2
    ? []
    : firstToken_ns(request).map((first) =>
        Math.trunc((latency_ns(request) - first) / (request.outputTokens - 1)),
      );

const estimate = (
  name: string,
  values_ns: (request: DialectRequest) => number[],
  relation: Relation,
): DialectMetric => ({
  name,
  definition: 'The order statistic that is above the true percentile with confidence 0.99.',
  formula: 'early-stopping estimate',
  ...MILLISECONDS,
  relation,
  compute: (run): Maybe<number> =>
    mapMaybe(earlyStoppingEstimate(requestsOf(run).flatMap(values_ns), 0.9), (ns) => ns / 1e9),
});

export const mlperfLoadgen: Dialect = {
  id: 'mlperf-loadgen',
  peer: 'MLPerf LoadGen',
  source: 'mlcommons/inference, loadgen/results.cc at 05a9cec3596d, early_stopping.cc at 51a4a7ea569d',
  statistics: {
    en: 'Means of whole nanoseconds; percentiles at index floor(n p) of the ascending values; an early-stopping estimate with confidence 0.99.',
    ja: '整数ナノ秒の平均。パーセンタイルは昇順の floor(n p) 番目の値。信頼度 0.99 の early-stopping の推定。',
  },
  metrics: [
    ...statisticsOf(
      {
        definition: 'First token minus the scheduled time of the request.',
        formula: 'first token - scheduled',
        values_ns: firstToken_ns,
      },
      [
        [
          'result_first_token_mean_latency_ns',
          MEAN_NS,
          differs('ttft-response', { en: 'rounded down to whole nanoseconds', ja: '整数ナノ秒に切り捨て' }),
        ],
        [
          'result_first_token_99.00_percentile_latency_ns',
          floorIndex(0.99),
          differs('ttft-response', {
            en: 'element at index floor(0.99 n) instead of the mean',
            ja: '平均ではなく floor(0.99 n) 番目の値',
          }),
        ],
      ],
    ),
    ...statisticsOf(
      {
        definition:
          'Per request of two tokens or more, latency minus first-token latency over the tokens after the first.',
        formula: '(latency - first token latency) / (n - 1)',
        values_ns: perToken_ns,
      },
      [
        [
          'result_time_to_output_token_mean',
          MEAN_NS,
          differs('tpot', {
            en: 'to the end of the request instead of its last token, in whole nanoseconds',
            ja: '最後のトークンではなくリクエストの終わりまで、整数ナノ秒で',
          }),
        ],
        [
          'result_time_per_output_token_99.00_percentile_ns',
          floorIndex(0.99),
          differs('tpot', {
            en: 'element at index floor(0.99 n), to the end of the request',
            ja: 'floor(0.99 n) 番目の値、リクエストの終わりまで',
          }),
        ],
      ],
    ),
    ...statisticsOf(
      {
        definition: 'End of the request minus its scheduled time.',
        formula: 'end - scheduled',
        values_ns: (request) => [latency_ns(request)],
        shown: SECONDS,
      },
      [
        [
          'result_mean_latency_ns',
          MEAN_NS,
          differs('e2e-response', {
            en: 'to the end of the request instead of its last token, in whole nanoseconds',
            ja: '最後のトークンではなくリクエストの終わりまで、整数ナノ秒で',
          }),
        ],
        [
          'result_90.00_percentile_latency_ns',
          floorIndex(0.9),
          differs('e2e-response', {
            en: 'element at index floor(0.9 n), to the end of the request',
            ja: 'floor(0.9 n) 番目の値、リクエストの終わりまで',
          }),
        ],
      ],
    ),
    estimate(
      'early_stopping_latency_p90',
      (request) => [latency_ns(request)],
      differs('e2e-response', {
        en: 'an upper bound of the 90th percentile instead of the mean',
        ja: '平均ではなく 90 パーセンタイルの上界',
      }),
    ),
    estimate(
      'early_stopping_ttft_p90',
      firstToken_ns,
      differs('ttft-response', {
        en: 'an upper bound of the 90th percentile instead of the mean',
        ja: '平均ではなく 90 パーセンタイルの上界',
      }),
    ),
    {
      name: 'Completed tokens per second',
      definition:
        'Output tokens of all requests over the time from the first scheduled request to the last answer.',
      formula: 'sum(output tokens) / (last end - first scheduled)',
      ...perSecondOf('tokens'),
      relation: differs('throughput', {
        en: 'the window runs from the first scheduled time to the last answer',
        ja: '区間は最初の予定時刻から最後の応答まで',
      }),
      compute: (run) =>
        rate(
          totalTokens(run, ({ outputTokens }) => outputTokens),
          windows_s(
            run,
            ({ intended_ns }) => intended_ns,
            ({ end_ns }) => end_ns,
          ),
        ),
    },
    {
      name: 'Completed samples per second',
      definition: 'Requests less one over the time from the first scheduled request to the last answer.',
      formula: '(requests - 1) / (last end - first scheduled)',
      ...perSecondOf('samples'),
      relation: none({
        en: 'we count tokens, not requests',
        ja: 'Hayasa はリクエストではなくトークンを数える',
      }),
      compute: (run) =>
        rate(
          requestsOf(run).length - 1,
          windows_s(
            run,
            ({ intended_ns }) => intended_ns,
            ({ end_ns }) => end_ns,
          ),
        ),
    },
  ],
};
