/** The distribution of lengths as text, for Markdown and terminal. */
import type { LengthDistribution } from '../lengths.ts';
import type { Report } from '../model.ts';
import { formatNumber } from '../numbers.ts';
import type { TextColumn, TextTable } from './text-table.ts';

export const LENGTHS_TITLE = 'Lengths';

/** What stands above the table. */
export const LENGTHS_READING =
  'Tokens of the sequences that were measured. Throughput counts new tokens up to each sequence\'s end; "padded" counts every sequence as the longest of its batch, as results over padded output tensors do.';

const KINDS: Readonly<Record<LengthDistribution['kind'], string>> = {
  'new-tokens': 'new',
  'prompt-tokens': 'prompt',
};

const ORIGINS: Readonly<Record<LengthDistribution['origin'], string>> = {
  'drawn-uniform': 'drawn from the seed, uniform',
  'drawn-geometric': 'drawn from the seed, geometric',
  'end-of-text': 'end of text',
};

const NUMBERS = [
  ['sequences', 'sequences', 0],
  ['min', 'minimum', 0],
  ['lower quartile', 'lowerQuartile', 1],
  ['median', 'median', 1],
  ['upper quartile', 'upperQuartile', 1],
  ['max', 'maximum', 0],
  ['mean', 'mean', 1],
] as const;

/** Only where a model ended its sequences itself. */
const CUT = 'cut at the limit (%)';

/** One row per distribution; no rows where all lengths are set and equal. */
export function lengthsTable({ lengths = [] }: Report): TextTable {
  const column = (
    title: string,
    text: (one: LengthDistribution) => string,
    how: { readonly numeric: boolean; readonly label: boolean },
  ): TextColumn => ({ title, ...how, texts: lengths.map(text) });
  const word = { numeric: false, label: true };
  return {
    rowCount: lengths.length,
    columns: [
      column('tokens', ({ kind }) => KINDS[kind], word),
      column('of', ({ setting, cells }) => [setting, cells.join('; ')].filter(Boolean).join(': '), word),
      column('lengths from', ({ origin }) => ORIGINS[origin], { numeric: false, label: false }),
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
