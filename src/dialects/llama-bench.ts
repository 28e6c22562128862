/**
 * llama.cpp's llama-bench: each repetition has an empty cache (but for the depth) and no sampling. From our events a pp
 * test is the first part of a generation and a tg test its second, with greedy sampling inside. `avg_ts` is the mean of
 * the repetitions' rates, not the rate of their mean time.
 */
import { type Maybe, missing, presentValues } from '../kernel/maybe.ts';
import { mean, sum } from '../stats/moments.ts';
import { type Dialect, type DialectMetric, type Relation, rate } from './dialect.ts';
import { type DialectCall, type DialectRun, lastEvent_ns, textEvents } from './run.ts';
import { differs, none, perSecondOf, sampleDeviation } from './series.ts';

interface Parts {
  readonly pp: Maybe<number>;
  readonly tg: Maybe<number>;
  readonly pg: Maybe<number>;
}

/** Tokens per second of one repetition. */
export function callRates({ requests }: DialectCall): Parts {
  if (requests.length === 0) return { pp: NOTHING, tg: NOTHING, pg: NOTHING };
  const start_ns = Math.min(...requests.map(({ sent_ns }) => sent_ns));
  const first_ns = Math.max(...requests.map((request) => textEvents(request)[0]?.ns ?? start_ns));
  const last_ns = Math.max(...requests.map(lastEvent_ns));
  const input = sum(requests.map(({ inputTokens }) => inputTokens));
  const output = sum(requests.map(({ outputTokens }) => outputTokens));
  const decoded = sum(
    requests.map((request) => request.outputTokens - (textEvents(request)[0]?.tokens ?? 0)),
  );
  return {
    pp: rate(input, (first_ns - start_ns) / 1e9),
    tg:
      decoded > 0
        ? rate(decoded, (last_ns - first_ns) / 1e9)
        : missing({ en: 'no token after the first', ja: '最初のトークンの後にトークンがありません' }),
    pg: rate(input + output, (last_ns - start_ns) / 1e9),
  };
}

const NOTHING = missing({ en: 'no request was answered', ja: '答えの返ったリクエストがありません' });

const rates = (run: DialectRun, test: keyof Parts): number[] =>
  presentValues(run.calls.map((call) => callRates(call)[test]));

const TESTS: readonly (readonly [
  test: keyof Parts,
  definition: string,
  formula: string,
  relation: Relation,
])[] = [
  [
    'pp',
    'Prompt processing: prompt tokens over the time to the first token, mean of the repetitions.',
    'mean(prompt tokens / (last first token - start))',
    { kind: 'same', own: 'pp' },
  ],
  [
    'tg',
    'Text generation: tokens after the first over the time from the last first token to the last token, mean of the repetitions.',
    'mean(tokens after the first / (last token - last first token))',
    differs('tg', {
      en: 'counts from when all sequences have their first token; ours from the earliest',
      ja: '全系列に最初のトークンが出てから数える。Hayasa は最も早いものから',
    }),
  ],
  [
    'pg',
    'Prompt processing and text generation together: all tokens over the whole time, mean of the repetitions.',
    'mean((prompt tokens + new tokens) / (last token - start))',
    differs('throughput', { en: 'counts the tokens of the prompts too', ja: 'プロンプトのトークンも数える' }),
  ],
];

export const llamaBench: Dialect = {
  id: 'llama-bench',
  peer: 'llama-bench',
  source:
    'ggml-org/llama.cpp, tools/llama-bench/README.md at 08d0baaca674 and llama-bench.cpp at 050fc7f32de1',
  statistics: {
    en: 'Mean of the rates of the repetitions and their standard deviation with divisor n - 1, 0 for one repetition.',
    ja: '反復ごとの速さの平均と、n - 1 で割る標準偏差（反復 1 回なら 0）。',
  },
  metrics: TESTS.flatMap(([test, definition, formula, relation]): DialectMetric[] => [
    {
      name: `${test}.avg_ts`,
      definition,
      formula,
      ...perSecondOf('tokens'),
      relation,
      compute: (run) => mean(rates(run, test)),
    },
    {
      name: `${test}.stddev_ts`,
      definition: `Standard deviation of the repetitions' rates of ${test}, with divisor n - 1.`,
      formula: `standard deviation(${test})`,
      ...perSecondOf('tokens'),
      better: 'lower',
      relation: none({
        en: 'spread over repetitions in one process; our intervals are over processes',
        ja: '1 プロセス内の反復のばらつき。Hayasa の区間はプロセスにわたる',
      }),
      compute: (run) => sampleDeviation(rates(run, test)),
    },
  ]),
};
