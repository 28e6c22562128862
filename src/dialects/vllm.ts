/**
 * vLLM's `vllm bench serve`, `latency` and `throughput`. Its client takes every event with `choices` as an event, with
 * or without text; a request's latency ends at its last event, the duration of the run at the last answer.
 */
import { type Dialect, rate } from './dialect.ts';
import {
  type DialectRequest,
  type DialectRun,
  gaps_ns,
  lastEvent_ns,
  requestsOf,
  sendingToAnswer_s,
  totalTokens,
} from './run.ts';
import {
  differs,
  linear,
  MEAN,
  none,
  POPULATION_DEVIATION,
  perSecondOf,
  SECONDS,
  same,
  statisticsOf,
} from './series.ts';

const firstEvent = {
  definition: 'First event of the stream, with or without text, minus the sending of the request.',
  formula: 'first event - sent',
  values_ns: ({ events, sent_ns }: DialectRequest) => events.slice(0, 1).map(({ ns }) => ns - sent_ns),
};
const perToken = {
  definition: 'Per request of two tokens or more, latency minus TTFT over the tokens after the first.',
  formula: '(last event - first event) / (n - 1)',
  values_ns: (request: DialectRequest) => {
    const first = request.events[0];
    if (first === undefined || request.outputTokens < 2) return [];
    return [(lastEvent_ns(request) - first.ns) / (request.outputTokens - 1)];
  },
};
const gap = {
  definition: 'Every gap between successive events of a request, pooled over the requests.',
  formula: 'gap between events',
  values_ns: ({ events }: DialectRequest) => gaps_ns(events),
};
const latency = {
  definition: 'Last event minus the sending of the request.',
  formula: 'last event - sent',
  values_ns: (request: DialectRequest) => [lastEvent_ns(request) - request.sent_ns],
};

export const vllm: Dialect = {
  id: 'vllm',
  peer: 'vLLM bench',
  source: 'vllm-project/vllm, vllm/benchmarks/{serve,latency,throughput}.py, serve.py at 009e6d4a1cd6',
  statistics: {
    en: "numpy's: percentiles with linear interpolation of any number of samples, standard deviation with divisor n.",
    ja: 'numpy と同じ: 任意の数の標本に対する線形補間のパーセンタイル、n で割る標準偏差。',
  },
  metrics: [
    ...statisticsOf(firstEvent, [
      ['mean_ttft_ms', MEAN, same('ttft')],
      [
        'median_ttft_ms',
        linear(0.5),
        differs('ttft', {
          en: 'median of the requests instead of their mean',
          ja: 'リクエストの平均ではなく中央値',
        }),
      ],
      [
        'std_ttft_ms',
        POPULATION_DEVIATION,
        none({
          en: 'spread over requests, which ours gives by intervals',
          ja: 'リクエストのばらつき。Hayasa は区間で示す',
        }),
      ],
      [
        'p99_ttft_ms',
        linear(0.99),
        differs('ttft', {
          en: '99th percentile of the requests instead of their mean',
          ja: 'リクエストの平均ではなく 99 パーセンタイル',
        }),
      ],
    ]),
    ...statisticsOf(perToken, [
      ['mean_tpot_ms', MEAN, same('tpot')],
      [
        'median_tpot_ms',
        linear(0.5),
        differs('tpot', {
          en: 'median of the requests instead of their mean',
          ja: 'リクエストの平均ではなく中央値',
        }),
      ],
      [
        'p99_tpot_ms',
        linear(0.99),
        differs('tpot', {
          en: '99th percentile of the requests instead of their mean',
          ja: 'リクエストの平均ではなく 99 パーセンタイル',
        }),
      ],
    ]),
    ...statisticsOf(gap, [
      [
        'mean_itl_ms',
        MEAN,
        differs('itl', { en: 'mean of the gaps instead of their median', ja: '間隔の中央値ではなく平均' }),
      ],
      ['median_itl_ms', linear(0.5), same('itl')],
      [
        'p99_itl_ms',
        linear(0.99),
        differs('itl-p99', {
          en: 'printed for any number of gaps; ours needs 459 different steps',
          ja: '間隔がいくつでも表示する。Hayasa には別々のステップが 459 個必要',
        }),
      ],
    ]),
    ...statisticsOf(latency, [
      ['mean_e2el_ms', MEAN, same('e2e')],
      [
        'p99_e2el_ms',
        linear(0.99),
        differs('e2e', {
          en: '99th percentile of the requests instead of their mean',
          ja: 'リクエストの平均ではなく 99 パーセンタイル',
        }),
      ],
    ]),
    {
      name: 'request_throughput',
      definition: 'Answered requests over the time from the first sending to the last answer.',
      formula: 'requests / (last end - first sent)',
      ...perSecondOf('requests'),
      relation: none({
        en: 'we count tokens, not requests',
        ja: 'Hayasa はリクエストではなくトークンを数える',
      }),
      compute: (run) => rate(requestsOf(run).length, sendingToAnswer_s(run)),
    },
    {
      name: 'output_throughput',
      definition: 'Output tokens of all requests over the time from the first sending to the last answer.',
      formula: 'sum(output tokens) / (last end - first sent)',
      ...perSecondOf('tokens'),
      relation: differs('throughput', {
        en: 'the window ends with the last answer instead of the last token',
        ja: '区間は最後のトークンではなく最後の応答で終わる',
      }),
      compute: (run) =>
        rate(
          totalTokens(run, ({ outputTokens }) => outputTokens),
          sendingToAnswer_s(run),
        ),
    },
    {
      name: 'total_token_throughput',
      definition:
        'Prompt and output tokens over the same window; `tokens_per_second` of `vllm bench throughput`.',
      formula: 'sum(input tokens + output tokens) / (last end - first sent)',
      ...perSecondOf('tokens'),
      relation: differs('throughput', {
        en: 'counts the tokens of the prompts too',
        ja: 'プロンプトのトークンも数える',
      }),
      compute: (run) =>
        rate(
          totalTokens(run, ({ inputTokens, outputTokens }) => inputTokens + outputTokens),
          sendingToAnswer_s(run),
        ),
    },
    {
      name: 'avg_latency',
      definition: '`vllm bench latency`: mean time of a call that generates a whole batch.',
      formula: 'mean(last end of the batch - its first sent)',
      ...SECONDS,
      relation: differs('e2e', {
        en: "time of the whole batch instead of the sequences' mean",
        ja: '系列の平均ではなく、バッチ全体の時間',
      }),
      compute: (run) => MEAN.compute(callTimes_ns(run)),
    },
  ],
};

const callTimes_ns = (run: DialectRun): number[] =>
  run.calls.map((call) => sendingToAnswer_s({ ...run, calls: [call] }) * 1e9);
