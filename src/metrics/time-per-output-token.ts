import { same } from '../kernel/language.ts';
import { missing, present } from '../kernel/maybe.ts';
import { sum } from '../stats/moments.ts';
import type { Metric } from './metric.ts';
import { MILLISECONDS, OWN_SOURCE } from './shown.ts';
import { tokenStamps } from './stamps.ts';

/** The time of a further token of one sequence. */
export const timePerOutputToken: Metric = {
  id: 'tpot',
  title: same('TPOT'),
  definition:
    'Per sequence, last minus first token over the tokens after the first; mean over the sequences with two tokens or more.',
  formula: 'mean((last token - first token) / (n - 1))',
  source: OWN_SOURCE,
  ...MILLISECONDS,
  undefinedWhen: 'no sequence has two tokens',
  main: true,
  level: 'repeat',
  compute: ({ sample }) => {
    const stamps = tokenStamps(sample);
    if (stamps.kind === 'missing') return stamps;
    const long = stamps.value.filter(({ sequence }) => sequence.newTokens >= 2);
    if (long.length === 0) return missing('no sequence has two tokens');
    const each_ns = long.map(
      ({ sequence, first_ns, last_ns }) => (last_ns - first_ns) / (sequence.newTokens - 1),
    );
    return present(sum(each_ns) / long.length / 1e9);
  },
};
