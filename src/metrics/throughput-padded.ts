/** The two inflated countings, shown only beside the honest one, to expose the inflation. */
import type { Words } from '../kernel/language.ts';
import { type Maybe, missing } from '../kernel/maybe.ts';
import { sum } from '../stats/moments.ts';
import type { Metric, RepeatInput } from './metric.ts';
import { OWN_SOURCE, TOKENS_PER_SECOND } from './shown.ts';
import { newTokens } from './stamps.ts';
import { tokensOverWindow } from './throughput.ts';

const EQUAL_LENGTHS: Words = {
  en: 'length is forced: nothing is padded',
  ja: '長さは強制です: 何も埋めません',
};

const common = {
  source: OWN_SOURCE,
  ...TOKENS_PER_SECOND,
  undefinedWhen: EQUAL_LENGTHS.en,
  main: false,
} as const;

/** Padding counted, computed or not: every sequence counts as the longest, as results over padded tensors do. */
export const throughputPaddingCounted: Metric = {
  ...common,
  level: 'repeat',
  id: 'throughput-padding-counted',
  title: { en: 'Throughput, padded', ja: 'スループット（パディング込み）' },
  definition: {
    en: "Every sequence counts as many tokens as the longest of the batch has, computed or not, over throughput's window: what comes out of counting the positions of a padded output tensor.",
    ja: '計算したかどうかによらず、どの系列もバッチで最長の系列と同じトークン数と数え、スループットの時間枠で割った値: パディング済みの出力テンソルの位置を数えた場合の値。',
  },
  formula: 'batch * longest / (last token - start of generation)',
  compute: (input) => padded(input, () => input.sample.sequences.length * longest(input)),
};

/** Padding computed but useless: positions computed after a sequence had ended count. */
export const throughputPaddingComputed: Metric = {
  ...common,
  level: 'repeat',
  id: 'throughput-padding-computed',
  title: { en: 'Throughput, computed padding counted', ja: 'スループット（計算したパディング込み）' },
  definition: {
    en: "New tokens and the positions that were computed after their sequence had ended, over throughput's window.",
    ja: '新しいトークンと、系列が終わった後に計算した位置の数を、スループットの時間枠で割った値。',
  },
  formula: 'sum(new tokens + computed padding) / (last token - start of generation)',
  compute: (input) =>
    padded(
      input,
      () => newTokens(input.sample) + sum(input.sample.sequences.map((sequence) => sequence.computedPadding)),
    ),
};

const longest = ({ sample }: RepeatInput): number =>
  Math.max(...sample.sequences.map((sequence) => sequence.newTokens));

function padded({ cell, sample }: RepeatInput, tokens: () => number): Maybe<number> {
  if (cell.stop === 'forced') return missing(EQUAL_LENGTHS);
  return tokensOverWindow(sample, tokens());
}
