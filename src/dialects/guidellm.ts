/**
 * guidellm. Per-request averages enter its distributions with their tokens as weights; percentiles are the inverse of the
 * weighted distribution function, without interpolation. Rates are counted between the first and the last token, so that
 * the first prefill is outside of the window. It merges stamps within 0.1 ms before it takes rates; that is not imitated.
 */
import { type Maybe, mapMaybe } from '../kernel/maybe.ts';
import { sum } from '../stats/moments.ts';
import { type Dialect, type DialectMetric, type Relation, rate } from './dialect.ts';
import {
  type DialectRequest,
  type DialectRun,
  firstText_ns,
  requestsOf,
  textEvents,
  totalTokens,
  windows_s,
} from './run.ts';
import {
  differs,
  MILLISECONDS,
  perSecondOf,
  SECONDS,
  same,
  type Weighted,
  weightedMean,
  weightedQuantile,
} from './series.ts';

const last_ns = (request: DialectRequest): number => textEvents(request).at(-1)?.ns ?? request.end_ns;
const first_ns = (request: DialectRequest): number => request.sent_ns + (firstText_ns(request) ?? 0);

type Series = (request: DialectRequest) => Weighted[];

const timeToFirstToken: Series = (request) => {
  const value = firstText_ns(request);
  return value === undefined ? [] : [{ value, weight: 1 }];
};
const interTokenLatency: Series = (request) =>
  request.outputTokens < 2
    ? []
    : [
        {
          value: (last_ns(request) - first_ns(request)) / (request.outputTokens - 1),
          weight: request.outputTokens - 1,
        },
      ];
const timePerOutputToken: Series = (request) =>
  request.outputTokens === 0
    ? []
    : [
        {
          value: (last_ns(request) - request.sent_ns) / request.outputTokens,
          weight: request.outputTokens,
        },
      ];
const requestLatency: Series = (request) => [{ value: request.end_ns - request.sent_ns, weight: 1 }];

interface Described {
  readonly series: Series;
  readonly definition: string;
  readonly formula: string;
  readonly shown?: typeof MILLISECONDS;
}

function metric(
  name: string,
  { series, definition, formula, shown = MILLISECONDS }: Described,
  take: (values: readonly Weighted[]) => Maybe<number>,
  relation: Relation,
): DialectMetric {
  return {
    name,
    definition,
    formula,
    ...shown,
    relation,
    compute: (run) => mapMaybe(take(requestsOf(run).flatMap(series)), (ns) => ns / 1e9),
  };
}

const p = (share: number) => (values: readonly Weighted[]) => weightedQuantile(values, share);

const TTFT: Described = {
  series: timeToFirstToken,
  definition: 'First token minus the start of the request.',
  formula: 'first token - start',
};
const ITL: Described = {
  series: interTokenLatency,
  definition: 'Per request last minus first token over the tokens after the first, weighted by those tokens.',
  formula: 'sum(last - first) / sum(n - 1)',
};
const TPOT: Described = {
  series: timePerOutputToken,
  definition:
    'Per request last token minus the start of the request over all of its output tokens, weighted by those tokens: the time to the first token is inside.',
  formula: 'sum(last token - start) / sum(n)',
};
const LATENCY: Described = {
  series: requestLatency,
  definition: 'End of the request minus its start.',
  formula: 'end - start',
  shown: SECONDS,
};

const span_s = (run: DialectRun): number => windows_s(run, first_ns, last_ns);

export const guidellm: Dialect = {
  id: 'guidellm',
  peer: 'guidellm',
  source:
    'vllm-project/guidellm, src/guidellm/schemas/request_stats.py and benchmark/schemas/generative/metrics.py at 06cef2910dc1, schemas/statistics.py at 03820eba155d',
  statistics: {
    en: 'Weighted by tokens where it says so; percentiles and medians by the inverse distribution function, without interpolation, of any number of requests.',
    ja: '示した箇所ではトークン数で重み付け。パーセンタイルと中央値は、任意の数のリクエストに対する補間なしの逆分布関数による。',
  },
  metrics: [
    metric('time_to_first_token_ms.mean', TTFT, weightedMean, same('ttft')),
    metric(
      'time_to_first_token_ms.median',
      TTFT,
      p(0.5),
      differs('ttft', {
        en: 'median without interpolation instead of the mean',
        ja: '平均ではなく補間なしの中央値',
      }),
    ),
    metric(
      'time_to_first_token_ms.p95',
      TTFT,
      p(0.95),
      differs('ttft', { en: '95th percentile without interpolation', ja: '補間なしの 95 パーセンタイル' }),
    ),
    metric(
      'inter_token_latency_ms.mean',
      ITL,
      weightedMean,
      differs('tpot', {
        en: 'requests are weighted by their tokens; ours count alike',
        ja: 'リクエストをトークン数で重み付けする。Hayasa では同じ重み',
      }),
    ),
    metric(
      'inter_token_latency_ms.p95',
      ITL,
      p(0.95),
      differs('tpot', {
        en: '95th percentile, weighted by tokens',
        ja: 'トークン数で重み付けした 95 パーセンタイル',
      }),
    ),
    metric(
      'time_per_output_token_ms.mean',
      TPOT,
      weightedMean,
      differs('tpot', {
        en: 'the time to the first token is inside, and the first token is counted',
        ja: '最初のトークンまでの時間を含み、最初のトークンも数える',
      }),
    ),
    metric(
      'request_latency.mean',
      LATENCY,
      weightedMean,
      differs('e2e', {
        en: 'to the end of the request instead of its last token',
        ja: '最後のトークンではなく、リクエストの終わりまで',
      }),
    ),
    metric(
      'request_latency.p95',
      LATENCY,
      p(0.95),
      differs('e2e', {
        en: '95th percentile without interpolation, to the end of the request',
        ja: '補間なしの 95 パーセンタイル、リクエストの終わりまで',
      }),
    ),
    {
      name: 'output_tokens_per_second.mean',
      definition: 'Output tokens over the time from the first token of any request to the last.',
      formula: 'sum(output tokens) / (last token - first token)',
      ...perSecondOf('tokens'),
      relation: differs('throughput', {
        en: 'the first prefill is outside of the window',
        ja: '最初の prefill が区間の外',
      }),
      compute: (run) =>
        rate(
          totalTokens(run, ({ outputTokens }) => outputTokens),
          span_s(run),
        ),
    },
    {
      name: 'tokens_per_second.mean',
      definition: 'Prompt and output tokens over the same time.',
      formula: 'sum(input tokens + output tokens) / (last token - first token)',
      ...perSecondOf('tokens'),
      relation: differs('throughput', {
        en: 'counts the prompts, and the first prefill is outside of the window',
        ja: 'プロンプトも数え、最初の prefill が区間の外',
      }),
      compute: (run) =>
        rate(sum(requestsOf(run).map((one) => one.inputTokens + one.outputTokens)), span_s(run)),
    },
  ],
};
