import type { JournalSample } from '../journal/record-parts.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { Metric } from './metric.ts';
import { OWN_SOURCE, TOKENS_PER_SECOND } from './shown.ts';
import { generationStart_ns, lastToken_ns, newTokens, perSecond, tokenStamps } from './stamps.ts';

/** New tokens per second, summed over the batch, from the start of generation to the last token. */
export const throughput: Metric = {
  id: 'throughput',
  title: { en: 'Throughput', ja: 'スループット' },
  definition: {
    en: 'New tokens up to and including the first end-of-text, summed over the batch, from the start of the first prefill to the last token of the batch.',
    ja: '最初の終端トークンまで（それを含む）の新しいトークン数をバッチで合計し、最初のプリフィルの開始からバッチの最後のトークンまでの時間で割った値。',
  },
  formula: 'sum(new tokens) / (last token - start of generation)',
  source: OWN_SOURCE,
  ...TOKENS_PER_SECOND,
  undefinedWhen: 'a sequence has no token or was cancelled',
  main: true,
  level: 'repeat',
  compute: ({ sample }) => tokensOverWindow(sample, newTokens(sample)),
};

/** `tokens` per second of throughput's window. */
export function tokensOverWindow(sample: JournalSample, tokens: number): Maybe<number> {
  const stamps = tokenStamps(sample);
  if (stamps.kind === 'missing') return stamps;
  return perSecond(tokens, lastToken_ns(stamps.value) - generationStart_ns(sample));
}
