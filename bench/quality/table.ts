/** The result of part `quality` as Markdown tables. Pure. */
import { markdownTable } from 'markdown-table';
import type { QualityRow } from '../../src/cli/quality/outcome.ts';
import type { Maybe } from '../../src/kernel/maybe.ts';
import type { RatioOfSums } from '../../src/stats/ratio-of-sums.ts';
import type { QualityOf } from './part.ts';

export function qualityTables(file: string, results: readonly QualityOf[]): string {
  return [`**[${file}](${file})**`, ...results.map(tableOf)].join('\n\n');
}

function tableOf({ model, note, text, weights, report }: QualityOf): string {
  const { characters } = report.text;
  return [
    `${model} (${note}), ${weights === 'stored' ? 'the GGUF file as it is stored' : 'unpacked into float32'}, ${text}: ${characters} characters, ${report.tokens} tokens, ${report.windows.length} windows.`,
    markdownTable(
      [
        [
          'engine',
          'precision',
          'bits/character',
          'above fp32',
          'same choice',
          'KL, nats',
          'perplexity/token',
        ],
        ...report.rows.map(cells),
      ],
      { align: ['l', 'l', 'r', 'r', 'r', 'r', 'r'] },
    ),
  ].join('\n\n');
}

const cells = ({ engine, precision, agreement, ...row }: QualityRow): string[] => [
  engine,
  precision,
  withReach(row.bitsPerCharacter),
  withReach(row.aboveReference),
  agreement === undefined ? '-' : `${((100 * agreement.equalChoices) / agreement.positions).toFixed(1)} %`,
  agreement === undefined ? '-' : agreement.meanKlDivergence.toPrecision(2),
  row.perplexityPerToken.kind === 'value' ? row.perplexityPerToken.value.toFixed(1) : '-',
];

function withReach(value: Maybe<RatioOfSums>): string {
  if (value.kind === 'missing') return '-';
  const { value: ratio, interval } = value.value;
  const reach =
    interval.kind === 'missing' ? '' : ` ± ${((interval.value.high - interval.value.low) / 2).toFixed(3)}`;
  return `${(Math.abs(ratio) < 0.0005 ? 0 : ratio).toFixed(3)}${reach}`;
}
