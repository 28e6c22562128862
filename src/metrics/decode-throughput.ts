import { type Maybe, missing } from '../kernel/maybe.ts';
import { sumOf } from '../stats/moments.ts';
import type { Metric, RepeatInput } from './metric.ts';
import { OWN_SOURCE, TOKENS_PER_SECOND } from './shown.ts';
import { lastToken_ns, perSecond, rememberLast, tokenStamps } from './stamps.ts';

/** See `decodeThroughput`. */
export const computeDecodeThroughput: (input: RepeatInput) => Maybe<number> = rememberLast(decodeRate);

/** Tokens per second once the prompt is processed. */
export const decodeThroughput: Metric = {
  id: 'decode-throughput',
  title: { en: 'Decode throughput', ja: 'デコードスループット' },
  definition: {
    en: 'Tokens after the first event of each sequence, summed over the batch, from the first to the last token of the batch.',
    ja: '各系列の最初のイベントより後のトークン数をバッチで合計し、バッチの最初のトークンから最後のトークンまでの時間で割った値。',
  },
  formula: 'sum(tokens after the first) / (last token - first token)',
  source: OWN_SOURCE,
  ...TOKENS_PER_SECOND,
  undefinedWhen: 'no sequence has two tokens',
  main: false,
  level: 'repeat',
  compute: computeDecodeThroughput,
};

function decodeRate({ sample }: RepeatInput): Maybe<number> {
  const stamps = tokenStamps(sample);
  if (stamps.kind === 'missing') return stamps;
  const tokens = sumOf(stamps.value, ({ sequence, firstTokens }) => sequence.newTokens - firstTokens);
  if (tokens <= 0)
    return missing({ en: 'no sequence has two tokens', ja: '2 トークン以上の系列がありません' });
  let first_ns = Number.POSITIVE_INFINITY;
  for (const one of stamps.value) first_ns = Math.min(first_ns, one.first_ns);
  return perSecond(tokens, lastToken_ns(stamps.value) - first_ns);
}
