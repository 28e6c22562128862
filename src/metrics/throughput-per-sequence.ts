import type { Metric } from './metric.ts';
import { OWN_SOURCE, TOKENS_PER_SECOND } from './shown.ts';
import { newTokens } from './stamps.ts';
import { tokensOverWindow } from './throughput.ts';

/** Throughput as one sequence of the batch sees it. */
export const throughputPerSequence: Metric = {
  id: 'throughput-per-sequence',
  title: { en: 'Throughput per sequence', ja: '系列あたりのスループット' },
  definition: {
    en: 'Throughput divided by the number of sequences of the batch.',
    ja: 'スループットをバッチの系列数で割った値。',
  },
  formula: 'throughput / batch',
  source: OWN_SOURCE,
  ...TOKENS_PER_SECOND,
  undefinedWhen: 'throughput is undefined',
  main: false,
  level: 'repeat',
  compute: ({ sample }) => tokensOverWindow(sample, newTokens(sample) / sample.sequences.length),
};
