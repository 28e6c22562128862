/**
 * Hugging Face's inference-benchmarker. It counts tokens by tokenising each delta again, and a request with one event
 * enters its mean as 0: both are faults of its definition, which a dialect repeats and does not mend.
 */
import { sum } from '../stats/moments.ts';
import { type Dialect, rate } from './dialect.ts';
import {
  type DialectRequest,
  firstText_ns,
  gaps_ns,
  sendingToAnswer_s,
  textEvents,
  totalTokens,
} from './run.ts';
import { differs, linear, MEAN, perSecondOf, same, statisticsOf } from './series.ts';

/** One event of several tokens is tokenised to as many; ours carry the count. */
const countedTokens = (request: DialectRequest): number =>
  sum(textEvents(request).map(({ tokens }) => tokens));

function interTokenLatency_ns(request: DialectRequest): number[] {
  const gaps = gaps_ns(textEvents(request));
  return [gaps.length === 0 ? 0 : sum(gaps) / (countedTokens(request) - 1)];
}

export const inferenceBenchmarker: Dialect = {
  id: 'inference-benchmarker',
  peer: 'inference-benchmarker',
  source: 'huggingface/inference-benchmarker, src/requests.rs (TextGenerationAggregatedResponse)',
  statistics: {
    en: 'Means over the requests; a request with one event has an inter-token latency of 0 in them.',
    ja: 'リクエストにわたる平均。イベントが 1 つのリクエストのトークン間レイテンシは 0 として入る。',
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
      },
      [['time_to_first_token_ms_avg', MEAN, same('ttft')]],
    ),
    ...statisticsOf(
      {
        definition:
          'Per request the gaps after the first event over the tokens that tokenising each delta again gives, less one.',
        formula: 'sum(gaps) / (counted tokens - 1)',
        values_ns: interTokenLatency_ns,
      },
      [
        [
          'inter_token_latency_ms_avg',
          MEAN,
          differs('tpot', {
            en: 'tokens are counted from the text, and a request with one event counts as 0',
            ja: 'トークンは文章から数え、イベントが 1 つのリクエストは 0 と数える',
          }),
        ],
        [
          'inter_token_latency_ms_p90',
          linear(0.9),
          differs('tpot', {
            en: '90th percentile, with the same two faults',
            ja: '90 パーセンタイル、同じ 2 つの欠点がある',
          }),
        ],
      ],
    ),
    ...statisticsOf(
      {
        definition: 'End of the request minus its sending.',
        formula: 'end - sent',
        values_ns: ({ end_ns, sent_ns }) => [end_ns - sent_ns],
      },
      [
        [
          'e2e_latency_ms_avg',
          MEAN,
          differs('e2e', {
            en: 'to the end of the request instead of its last token',
            ja: '最後のトークンではなく、リクエストの終わりまで',
          }),
        ],
      ],
    ),
    {
      name: 'token_throughput_secs',
      definition: 'Counted tokens of all requests over the time from the first sending to the last answer.',
      formula: 'sum(counted tokens) / (last end - first sent)',
      ...perSecondOf('tokens'),
      relation: differs('throughput', {
        en: 'tokens are counted from the text; the window ends with the last answer',
        ja: 'トークンは文章から数え、区間は最後の応答で終わる',
      }),
      compute: (run) => rate(totalTokens(run, countedTokens), sendingToAnswer_s(run)),
    },
  ],
};
