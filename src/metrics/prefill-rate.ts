import { type Maybe, missing } from '../kernel/maybe.ts';
import { sumOf } from '../stats/moments.ts';
import type { Metric, RepeatInput } from './metric.ts';
import { OWN_SOURCE, TOKENS_PER_SECOND } from './shown.ts';
import { generationStart_ns, lastFirst_ns, perSecond, rememberLast, tokenStamps } from './stamps.ts';

/** See `prefillRate`. */
export const computePrefillRate: (input: RepeatInput) => Maybe<number> = rememberLast(rate);

/** Prompt tokens per second of the whole batch. */
export const prefillRate: Metric = {
  id: 'prefill-rate',
  title: { en: 'Prefill rate', ja: 'プリフィル速度' },
  definition: {
    en: 'Input tokens summed over the batch, from the start of the first prefill to the last first token of the batch. Tokens at depth are not counted: they are in the cache before.',
    ja: 'バッチで合計した入力トークン数を、最初のプリフィルの開始からバッチで最も遅い最初のトークンまでの時間で割った値。深さのトークンは、先にキャッシュにあるため数えない。',
  },
  formula: 'sum(input tokens) / (last first token - start of generation)',
  source: OWN_SOURCE,
  ...TOKENS_PER_SECOND,
  undefinedWhen: 'requests queue for slots, so that prefills alternate with decoding',
  main: false,
  level: 'repeat',
  compute: computePrefillRate,
};

function rate({ cell, sample }: RepeatInput): Maybe<number> {
  if (cell.batch > cell.slots)
    return missing({
      en: 'requests queue for slots: prefills alternate with decoding',
      ja: 'リクエストがスロットを待ちます: prefill と decode が交互になります',
    });
  const stamps = tokenStamps(sample);
  if (stamps.kind === 'missing') return stamps;
  const inputTokens = sumOf(sample.sequences, (sequence) => sequence.inputTokens);
  return perSecond(inputTokens, lastFirst_ns(stamps.value) - generationStart_ns(sample));
}
