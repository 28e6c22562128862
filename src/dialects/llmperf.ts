/**
 * Ray's llmperf. The time to the first token is one of the gaps, so that its inter-token latency has the prefill inside;
 * each event counts as one token for it.
 */
import { missing } from '../kernel/maybe.ts';
import { mean } from '../stats/moments.ts';
import { type Dialect, rate } from './dialect.ts';
import {
  type DialectRequest,
  firstText_ns,
  requestsOf,
  sendingToAnswer_s,
  textEvents,
  totalTokens,
} from './run.ts';
import { differs, linear, MEAN, perSecondOf, SECONDS, same, statisticsOf } from './series.ts';

function interTokenLatency_ns(request: DialectRequest): number[] {
  const events = textEvents(request);
  const last = events.at(-1);
  return last === undefined ? [] : [(last.ns - request.sent_ns) / events.length];
}

export const llmperf: Dialect = {
  id: 'llmperf',
  peer: 'llmperf',
  source:
    'ray-project/llmperf, src/llmperf/ray_clients/openai_chat_completions_client.py and token_benchmark_ray.py at f1d6bed47e45',
  statistics: {
    en: "pandas': quantiles with linear interpolation over the requests.",
    ja: 'pandas と同じ: リクエストにわたる線形補間の分位数。',
  },
  metrics: [
    ...statisticsOf(
      {
        definition: 'First event with text minus the sending of the request.',
        formula: 'first text - sent',
        values_ns: (request) => {
          const value = firstText_ns(request);
          return value === undefined ? [] : [value];
        },
        shown: SECONDS,
      },
      [['ttft_s_mean', MEAN, same('ttft')]],
    ),
    ...statisticsOf(
      {
        definition:
          'Per request the time to the first event and all gaps after it over the number of events.',
        formula: '(TTFT + gaps) / events',
        values_ns: interTokenLatency_ns,
      },
      [
        [
          'inter_token_latency_s_mean',
          MEAN,
          differs('tpot', {
            en: 'the time to the first token is inside, and events are counted as tokens',
            ja: '最初のトークンまでの時間を含み、イベントをトークンとして数える',
          }),
        ],
        [
          'inter_token_latency_s_p99',
          linear(0.99),
          differs('tpot', {
            en: '99th percentile, with the prefill inside',
            ja: '99 パーセンタイル、prefill を含む',
          }),
        ],
      ],
    ),
    ...statisticsOf(
      {
        definition: 'End of the request minus its sending.',
        formula: 'end - sent',
        values_ns: ({ end_ns, sent_ns }) => [end_ns - sent_ns],
        shown: SECONDS,
      },
      [
        [
          'end_to_end_latency_s_mean',
          MEAN,
          differs('e2e', {
            en: 'to the end of the request instead of its last token',
            ja: '最後のトークンではなく、リクエストの終わりまで',
          }),
        ],
      ],
    ),
    {
      name: 'request_output_throughput_token_per_s_mean',
      definition: 'Per request output tokens over its latency, mean over the requests.',
      formula: 'mean(output tokens / (end - sent))',
      ...perSecondOf('tokens'),
      relation: differs('throughput-per-sequence', {
        en: 'mean of the rates of the requests, each to its own end',
        ja: 'リクエストごとの速さの平均、それぞれの終わりまで',
      }),
      compute: (run) => {
        const each = requestsOf(run)
          .filter(({ end_ns, sent_ns }) => end_ns > sent_ns)
          .map(({ outputTokens, end_ns, sent_ns }) => outputTokens / ((end_ns - sent_ns) / 1e9));
        return each.length === 0
          ? missing({ en: 'the requests took no time', ja: 'リクエストの時間が 0 です' })
          : mean(each);
      },
    },
    {
      name: 'mean_output_throughput_token_per_s',
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
  ],
};
