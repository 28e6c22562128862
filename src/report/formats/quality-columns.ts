/** Quality as columns of the main table and the lines below it. */
import type { Maybe } from '../../kernel/maybe.ts';
import type { RatioOfSums } from '../../stats/ratio-of-sums.ts';
import type { Report, Row } from '../model.ts';
import { formatNumber } from '../numbers.ts';
import type { TextColumn } from './text-table.ts';

/** None where the study does not ask; `further` rows below the measured ones have a dash. */
export function qualityColumns({ quality, table }: Report, further: number): TextColumn[] {
  if (quality === undefined) return [];
  const column = (title: string, text: (row: Row) => string): TextColumn => ({
    title,
    numeric: true,
    label: false,
    texts: [...table.rows.map(text), ...Array.from({ length: further }, () => '–')],
  });
  return [
    column('bits/character', (row) => withReach(row.quality?.bitsPerCharacter, 3)),
    column('above fp32', (row) => withReach(row.quality?.aboveReference, 3)),
  ];
}

/** `1.234 ± 0.056`. */
function withReach(value: Maybe<RatioOfSums> | undefined, digits: number): string {
  if (value?.kind !== 'value') return '–';
  const { value: ratio, interval } = value.value;
  const reach =
    interval.kind === 'missing'
      ? ''
      : ` ± ${formatNumber((interval.value.high - interval.value.low) / 2, digits)}`;
  // No minus before a zero.
  return `${formatNumber(Number(ratio.toFixed(digits)) === 0 ? 0 : ratio, digits)}${reach}`;
}

/** How to read them, and why some rows have none. */
export function qualityLines({ quality }: Report): string[] {
  if (quality === undefined) return [];
  const { text, changed, reasons, tokenizers } = quality;
  const lines =
    tokenizers.length === 0
      ? []
      : [
          `bits/character: how well the model predicts the first ${text.characters.toLocaleString('en')} characters of ${text.name} (lower is better; 95 %, t over windows); above fp32: the difference on the same windows.${tokenizers.length > 1 ? ' The models have different tokenizers: only figures per character compare.' : ''}`,
        ];
  if (changed.length > 0) {
    lines.push(
      `The tokenizer of ${changed.join(', ')} does not give the text back exactly: it is counted as the tokenizer reads it.`,
    );
  }
  if (reasons.length > 0) lines.push(`No bits/character: ${reasons.join('; ')}.`);
  return lines;
}
