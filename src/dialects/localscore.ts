/** LocalScore: one number of three, the geometric mean of prompt rate, generation rate and 1000 / TTFT in ms, times 10. */
import { type Maybe, missing, presentValues } from '../kernel/maybe.ts';
import { mean } from '../stats/moments.ts';
import type { Dialect } from './dialect.ts';
import { callRates } from './llama-bench.ts';
import { type DialectRun, firstText_ns, requestsOf } from './run.ts';
import { none } from './series.ts';

function score(run: DialectRun): Maybe<number> {
  const prompt = mean(presentValues(run.calls.map((call) => callRates(call).pp)));
  const generation = mean(presentValues(run.calls.map((call) => callRates(call).tg)));
  const ttft_ns = mean(requestsOf(run).flatMap((request) => firstText_ns(request) ?? []));
  if (prompt.kind === 'missing') return prompt;
  if (generation.kind === 'missing')
    return missing({ en: 'no token after the first', ja: '最初のトークンの後にトークンがありません' });
  if (ttft_ns.kind === 'missing') return ttft_ns;
  const perSecond = 1e9 / ttft_ns.value;
  return Number.isFinite(perSecond)
    ? { kind: 'value', value: 10 * Math.cbrt(prompt.value * generation.value * perSecond) }
    : missing({ en: 'the first token took no time', ja: '最初のトークンまでの時間が 0 です' });
}

export const localscore: Dialect = {
  id: 'localscore',
  peer: 'LocalScore',
  source: 'cjpais/LocalScore, localscore.cpp and its performance_score view',
  statistics: {
    en: 'Means over the repetitions of one cell. LocalScore itself averages nine settings of tokens in and out before it takes the score.',
    ja: '1 つのセルの反復にわたる平均。LocalScore 自身は入出力トークン数の 9 通りを平均してからスコアを取る。',
  },
  metrics: [
    {
      name: 'LocalScore',
      definition:
        'Ten times the geometric mean of prompt tokens per second, generated tokens per second, and 1000 over the time to the first token in milliseconds.',
      formula: '10 cbrt(pp * tg * 1000 / TTFT in ms)',
      storedUnit: 'points',
      shown: { unit: 'points', scale: 1, digits: 0 },
      better: 'higher',
      relation: none({
        en: 'mixes three metrics that trade against each other',
        ja: '互いに引き換えになる 3 つの指標を混ぜる',
      }),
      compute: score,
    },
  ],
};
