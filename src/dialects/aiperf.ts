/**
 * NVIDIA's aiperf. It skips events without text, takes reasoning as text, and knows where the content proper begins.
 * In a library there is no reasoning to tell apart, so that its TTFO equals its TTFT there.
 */
import { missing } from '../kernel/maybe.ts';
import { mean } from '../stats/moments.ts';
import { type Dialect, rate } from './dialect.ts';
import {
  type DialectRequest,
  type DialectRun,
  firstText_ns,
  gaps_ns,
  requestsOf,
  textEvents,
  totalTokens,
  windows_s,
} from './run.ts';
import { differs, linear, MEAN, none, perSecondOf, same, statisticsOf } from './series.ts';

const latency_ns = (request: DialectRequest): number =>
  (textEvents(request).at(-1)?.ns ?? request.end_ns) - request.sent_ns;

function interTokenLatency_ns(request: DialectRequest): number[] {
  const first_ns = firstText_ns(request);
  if (first_ns === undefined || request.outputTokens < 2) return [];
  return [(latency_ns(request) - first_ns) / (request.outputTokens - 1)];
}

const duration_s = (run: DialectRun): number =>
  windows_s(
    run,
    ({ sent_ns }) => sent_ns,
    (request) => request.sent_ns + latency_ns(request),
  );

export const aiperf: Dialect = {
  id: 'aiperf',
  peer: 'aiperf',
  source:
    'ai-dynamo/aiperf, src/aiperf/metrics/types/, inter_token_latency_metric.py at 58dd5dea729c, ttst_metric.py at 58028d5ba1cb',
  statistics: {
    en: 'Mean and percentiles (linear interpolation) over the requests, of any number of them.',
    ja: '任意の数のリクエストにわたる平均とパーセンタイル（線形補間）。',
  },
  metrics: [
    ...statisticsOf(
      {
        definition: 'First event with text, reasoning included, minus the sending of the request.',
        formula: 'first text - sent',
        values_ns: (request) => present_ns(firstText_ns(request)),
      },
      [
        ['time_to_first_token', MEAN, same('ttft')],
        [
          'time_to_first_token_p99',
          linear(0.99),
          differs('ttft', { en: '99th percentile of the requests', ja: 'リクエストの 99 パーセンタイル' }),
        ],
      ],
    ),
    ...statisticsOf(
      {
        definition: 'First event with text that is not reasoning, minus the sending of the request.',
        formula: 'first content - sent',
        values_ns: (request) =>
          request.events
            .filter(({ kind }) => kind === 'content')
            .slice(0, 1)
            .map(({ ns }) => ns - request.sent_ns),
      },
      [['time_to_first_output_token', MEAN, same('ttft')]],
    ),
    ...statisticsOf(
      {
        definition: 'Second event with text minus the first.',
        formula: 'second text - first text',
        values_ns: (request) => gaps_ns(textEvents(request)).slice(0, 1),
      },
      [['time_to_second_token', MEAN, differs('itl', { en: 'the first gap alone', ja: '最初の間隔だけ' })]],
    ),
    ...statisticsOf(
      {
        definition: 'Per request of two tokens or more, latency minus TTFT over the tokens after the first.',
        formula: '(latency - TTFT) / (n - 1)',
        values_ns: interTokenLatency_ns,
      },
      [
        ['inter_token_latency', MEAN, same('tpot')],
        [
          'inter_token_latency_p99',
          linear(0.99),
          differs('tpot', { en: '99th percentile of the requests', ja: 'リクエストの 99 パーセンタイル' }),
        ],
      ],
    ),
    ...statisticsOf(
      {
        definition: 'Every gap between successive events with text, pooled.',
        formula: 'gap between texts',
        values_ns: (request) => gaps_ns(textEvents(request)),
      },
      [
        [
          'inter_chunk_latency',
          MEAN,
          differs('itl', { en: 'mean of the gaps instead of their median', ja: '間隔の中央値ではなく平均' }),
        ],
      ],
    ),
    ...statisticsOf(
      {
        definition: 'Last event with text minus the sending of the request.',
        formula: 'last text - sent',
        values_ns: (request) => [latency_ns(request)],
      },
      [['request_latency', MEAN, same('e2e')]],
    ),
    {
      name: 'output_token_throughput',
      definition: 'Output tokens of all requests over the time from the first sending to the last text.',
      formula: 'sum(output tokens) / (last text - first sent)',
      ...perSecondOf('tokens'),
      relation: same('throughput'),
      compute: (run) =>
        rate(
          totalTokens(run, ({ outputTokens }) => outputTokens),
          duration_s(run),
        ),
    },
    {
      name: 'output_token_throughput_per_user',
      definition: 'Mean over the requests of one over their inter-token latency.',
      formula: 'mean(1 / inter_token_latency)',
      ...perSecondOf('tokens'),
      relation: differs('throughput-per-sequence', {
        en: 'the time to the first token is left out',
        ja: '最初のトークンまでの時間を除く',
      }),
      compute: (run) => {
        const each = requestsOf(run)
          .flatMap(interTokenLatency_ns)
          .filter((ns) => ns > 0)
          .map((ns) => 1e9 / ns);
        return each.length === 0
          ? missing({ en: 'no request has two tokens', ja: '2 トークン以上のリクエストがありません' })
          : mean(each);
      },
    },
    {
      name: 'request_throughput',
      definition: 'Answered requests over the same window.',
      formula: 'requests / (last text - first sent)',
      ...perSecondOf('requests'),
      relation: none({
        en: 'we count tokens, not requests',
        ja: 'Hayasa はリクエストではなくトークンを数える',
      }),
      compute: (run) => rate(requestsOf(run).length, duration_s(run)),
    },
  ],
};

const present_ns = (value: number | undefined): number[] => (value === undefined ? [] : [value]);
