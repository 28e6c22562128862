import { missing, present } from '../kernel/maybe.ts';
import type { Metric } from './metric.ts';
import { OWN_SOURCE } from './shown.ts';
import { newTokens, tokenStamps } from './stamps.ts';
import { tokensOverWindow } from './throughput.ts';

/** Comparable across tokenizers, which tokens per second is not. */
export const charactersPerSecond: Metric = {
  id: 'characters-per-second',
  title: { en: 'Characters per second', ja: '文字/秒' },
  definition: {
    en: "Characters (Unicode code points) of the generated text, summed over the batch, over throughput's window.",
    ja: '生成した文章の文字数（Unicode コードポイント）をバッチで合計し、スループットの時間枠で割った値。',
  },
  formula: 'decoded characters / (last token - start of generation)',
  source: OWN_SOURCE,
  storedUnit: 'characters/s',
  shown: { unit: 'characters/s', scale: 1, digits: 1 },
  better: 'higher',
  undefinedWhen: 'the model has no tokenizer',
  main: false,
  level: 'repeat',
  compute: ({ sample, decodedCharacters }) =>
    decodedCharacters === undefined
      ? missing({ en: 'the model has no tokenizer', ja: 'モデルにトークナイザーがありません' })
      : tokensOverWindow(sample, decodedCharacters),
};

/** The grain of the tokenizer, on the text that was generated. */
export const charactersPerToken: Metric = {
  id: 'characters-per-token',
  title: { en: 'Characters per token', ja: '文字/トークン' },
  definition: {
    en: 'Characters (Unicode code points) of the generated text over the new tokens that it was written in, summed over the batch.',
    ja: '生成した文章の文字数（Unicode コードポイント）を、それを書いた新しいトークン数で割った値（バッチで合計）。',
  },
  formula: 'decoded characters / new tokens',
  source: OWN_SOURCE,
  storedUnit: 'characters/token',
  shown: { unit: 'characters/token', scale: 1, digits: 2 },
  better: 'higher',
  undefinedWhen: 'the model has no tokenizer',
  main: false,
  level: 'repeat',
  compute: ({ sample, decodedCharacters }) => {
    if (decodedCharacters === undefined)
      return missing({ en: 'the model has no tokenizer', ja: 'モデルにトークナイザーがありません' });
    const stamps = tokenStamps(sample);
    return stamps.kind === 'missing' ? stamps : present(decodedCharacters / newTokens(sample));
  },
};
