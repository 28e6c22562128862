import { same } from '../kernel/language.ts';
import { missing, present } from '../kernel/maybe.ts';
import type { Metric } from './metric.ts';
import { MILLISECONDS, OWN_SOURCE } from './shown.ts';
import { tokenStamps } from './stamps.ts';

/** The time of a further token of one sequence. */
export const timePerOutputToken: Metric = {
  id: 'tpot',
  title: same('TPOT'),
  definition: {
    en: 'Per sequence, last minus first token over the tokens after the first; mean over the sequences with two tokens or more.',
    ja: '系列ごとに、最初から最後のトークンまでの時間を最初より後のトークン数で割った値。トークンが 2 つ以上の系列の平均。',
  },
  formula: 'mean((last token - first token) / (n - 1))',
  source: OWN_SOURCE,
  ...MILLISECONDS,
  undefinedWhen: 'no sequence has two tokens',
  main: true,
  level: 'repeat',
  compute: ({ sample }) => {
    const stamps = tokenStamps(sample);
    if (stamps.kind === 'missing') return stamps;
    let [total_ns, long] = [0, 0];
    for (const { sequence, first_ns, last_ns } of stamps.value) {
      if (sequence.newTokens < 2) continue;
      total_ns += (last_ns - first_ns) / (sequence.newTokens - 1);
      long += 1;
    }
    return long === 0
      ? missing({ en: 'no sequence has two tokens', ja: '2 トークン以上の系列がありません' })
      : present(total_ns / long / 1e9);
  },
};
