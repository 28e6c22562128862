/**
 * llama.cpp's llama-batched-bench: B sequences prefilled, then decoded together; one measurement per line, no repetition.
 * A launch's repeats give the mean of the lines.
 */
import { type Maybe, presentValues } from '../kernel/maybe.ts';
import { mean } from '../stats/moments.ts';
import type { Dialect } from './dialect.ts';
import { callRates } from './llama-bench.ts';
import type { DialectRun } from './run.ts';
import { differs, perSecondOf, same } from './series.ts';

const meanRate =
  (test: keyof ReturnType<typeof callRates>) =>
  (run: DialectRun): Maybe<number> =>
    mean(presentValues(run.calls.map((call) => callRates(call)[test])));

export const llamaBatchedBench: Dialect = {
  id: 'llama-batched-bench',
  peer: 'llama-batched-bench',
  source: 'ggml-org/llama.cpp, tools/batched-bench/batched-bench.cpp',
  statistics: { en: 'None: one measurement per line.', ja: 'なし: 1 行に 1 つの測定。' },
  metrics: [
    {
      name: 'S_PP t/s',
      definition: 'Prompt tokens of the batch over the time of its prefill.',
      formula: 'B * PP / T_PP',
      ...perSecondOf('tokens'),
      relation: same('prefill-rate'),
      compute: meanRate('pp'),
    },
    {
      name: 'S_TG t/s',
      definition: 'Tokens of the batch after the prefill over the time of its decoding.',
      formula: 'B * TG / T_TG',
      ...perSecondOf('tokens'),
      relation: differs('decode-throughput', {
        en: 'counts from when all sequences have their first token; ours from the earliest',
        ja: '全系列に最初のトークンが出てから数える。Hayasa は最も早いものから',
      }),
      compute: meanRate('tg'),
    },
    {
      name: 'S t/s',
      definition: 'Prompt and new tokens of the batch over the whole time.',
      formula: 'N_KV / T',
      ...perSecondOf('tokens'),
      relation: differs('throughput', {
        en: 'counts the tokens of the prompts too',
        ja: 'プロンプトのトークンも数える',
      }),
      compute: meanRate('pg'),
    },
  ],
};
