/** mlcommons/endpoints: the client of MLPerf's endpoint benchmark. Several tokens may come with the first chunk. */
import { type Dialect, rate } from './dialect.ts';
import { type DialectRequest, firstText_ns, sendingToAnswer_s, textEvents, totalTokens } from './run.ts';
import { differs, MEAN, perSecondOf, SECONDS, same, statisticsOf } from './series.ts';

function perToken_ns(request: DialectRequest): number[] {
  const first = textEvents(request)[0];
  const after = request.outputTokens - (first?.tokens ?? 0);
  return first === undefined || after < 1 ? [] : [(request.end_ns - first.ns) / after];
}

export const mlcommonsEndpoints: Dialect = {
  id: 'mlcommons-endpoints',
  peer: 'mlcommons/endpoints',
  source: 'mlcommons/endpoints, src/inference_endpoint/ (published description, not read at a revision)',
  statistics: { en: 'Means over the requests.', ja: 'リクエストにわたる平均。' },
  metrics: [
    ...statisticsOf(
      {
        definition: 'First chunk with text minus the sending of the request.',
        formula: 'first chunk - sent',
        values_ns: (request) => {
          const value = firstText_ns(request);
          return value === undefined ? [] : [value];
        },
      },
      [['ttft', MEAN, same('ttft')]],
    ),
    ...statisticsOf(
      {
        definition: 'Per request, end minus first chunk over the tokens after the first chunk.',
        formula: '(complete - first chunk) / (tokens after the first chunk)',
        values_ns: perToken_ns,
      },
      [
        [
          'tpot',
          MEAN,
          differs('tpot', {
            en: 'to the end of the request, over the tokens after the first chunk instead of the first token',
            ja: 'リクエストの終わりまで、最初のトークンではなく最初のチャンクの後のトークンで割る',
          }),
        ],
      ],
    ),
    ...statisticsOf(
      {
        definition: 'End of the request minus its sending.',
        formula: 'complete - sent',
        values_ns: ({ end_ns, sent_ns }) => [end_ns - sent_ns],
        shown: SECONDS,
      },
      [
        [
          'latency',
          MEAN,
          differs('e2e', {
            en: 'to the end of the request instead of its last token',
            ja: '最後のトークンではなく、リクエストの終わりまで',
          }),
        ],
      ],
    ),
    {
      name: 'tps',
      definition: 'Output tokens of all requests over the time from the first sending to the last answer.',
      formula: 'sum(output tokens) / (last complete - first sent)',
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
