/** The distribution of lengths as text, for Markdown and terminal. */
import type { Say, Words } from '../../kernel/language.ts';
import type { LengthDistribution } from '../lengths.ts';
import type { Report } from '../model.ts';
import { formatNumber } from '../numbers.ts';
import type { TextColumn, TextTable } from './text-table.ts';

export const LENGTHS_TITLE: Words = { en: 'Lengths', ja: '長さ' };

/** What stands above the table. */
export const LENGTHS_READING: Words = {
  en: 'Tokens of the sequences that were measured. Throughput counts new tokens up to each sequence\'s end; "padded" counts every sequence as the longest of its batch, as results over padded output tensors do.',
  ja: '測定した系列のトークン数。スループットは各系列の終わりまでの新規トークンを数えます。「パディング込み」は、パディングした出力テンソルから求めた結果のように、どの系列もバッチ内で最長のものとして数えます。',
};

const KINDS: Readonly<Record<LengthDistribution['kind'], Words>> = {
  'new-tokens': { en: 'new', ja: '新規' },
  'prompt-tokens': { en: 'prompt', ja: 'プロンプト' },
};

const ORIGINS: Readonly<Record<LengthDistribution['origin'], Words>> = {
  'drawn-uniform': { en: 'drawn from the seed, uniform', ja: 'シードから（一様分布）' },
  'drawn-geometric': { en: 'drawn from the seed, geometric', ja: 'シードから（幾何分布）' },
  'end-of-text': { en: 'end of text', ja: 'テキストの終わり' },
};

const NUMBERS = [
  [{ en: 'sequences', ja: '系列数' }, 'sequences', 0],
  [{ en: 'min', ja: '最小' }, 'minimum', 0],
  [{ en: 'lower quartile', ja: '第 1 四分位数' }, 'lowerQuartile', 1],
  [{ en: 'median', ja: '中央値' }, 'median', 1],
  [{ en: 'upper quartile', ja: '第 3 四分位数' }, 'upperQuartile', 1],
  [{ en: 'max', ja: '最大' }, 'maximum', 0],
  [{ en: 'mean', ja: '平均' }, 'mean', 1],
] as const;

/** Only where a model ended its sequences itself. */
const CUT: Words = { en: 'cut at the limit (%)', ja: '上限で打ち切り (%)' };

/** One row per distribution; no rows where all lengths are set and equal. */
export function lengthsTable({ lengths = [] }: Report, say: Say): TextTable {
  const column = (
    title: Words,
    text: (one: LengthDistribution) => string,
    how: { readonly numeric: boolean; readonly label: boolean },
  ): TextColumn => ({ title: say(title), ...how, texts: lengths.map(text) });
  const word = { numeric: false, label: true };
  return {
    rowCount: lengths.length,
    columns: [
      column({ en: 'tokens', ja: 'トークン' }, ({ kind }) => say(KINDS[kind]), word),
      column(
        { en: 'of', ja: '対象' },
        ({ setting, cells }) => [setting, cells.join('; ')].filter(Boolean).join(': '),
        word,
      ),
      column({ en: 'lengths from', ja: '長さの決まり方' }, ({ origin }) => say(ORIGINS[origin]), {
        numeric: false,
        label: false,
      }),
      ...NUMBERS.map(([title, field, digits]) =>
        column(title, (one) => formatNumber(one[field], digits), { numeric: true, label: false }),
      ),
      ...(lengths.some(({ cutShare }) => cutShare !== undefined)
        ? [
            column(CUT, ({ cutShare }) => (cutShare === undefined ? '–' : formatNumber(100 * cutShare, 0)), {
              numeric: true,
              label: false,
            }),
          ]
        : []),
    ],
  };
}
