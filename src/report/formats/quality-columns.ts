/** Quality as columns of the main table and the lines below it. */
import type { Say } from '../../kernel/language.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import type { RatioOfSums } from '../../stats/ratio-of-sums.ts';
import type { Report, Row } from '../model.ts';
import { formatNumber } from '../numbers.ts';
import type { TextColumn } from './text-table.ts';

/** None where the study does not ask; `further` rows below the measured ones have a dash. */
export function qualityColumns({ quality, table }: Report, further: number, say: Say): TextColumn[] {
  if (quality === undefined) return [];
  const column = (title: string, text: (row: Row) => string): TextColumn => ({
    title,
    numeric: true,
    label: false,
    texts: [...table.rows.map(text), ...Array.from({ length: further }, () => '–')],
  });
  return [
    column(say({ en: 'bits/character', ja: 'ビット/文字' }), (row) =>
      withReach(row.quality?.bitsPerCharacter, 3),
    ),
    column(say({ en: 'above fp32', ja: 'fp32 との差' }), (row) => withReach(row.quality?.aboveReference, 3)),
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
export function qualityLines({ quality }: Report, say: Say): string[] {
  if (quality === undefined) return [];
  const { text, changed, reasons, tokenizers } = quality;
  const characters = text.characters.toLocaleString('en');
  const lines =
    tokenizers.length === 0
      ? []
      : [
          say({
            en: `bits/character: how well the model predicts the first ${characters} characters of ${text.name} (lower is better; 95 %, t over windows); above fp32: the difference on the same windows.${tokenizers.length > 1 ? ' The models have different tokenizers: only figures per character compare.' : ''}`,
            ja: `ビット/文字: モデルが ${text.name} の最初の ${characters} 文字をどれだけ予測できるか（低いほど良い。ウィンドウに対する t 分布の 95 % 信頼区間）。fp32 との差: 同じウィンドウでの差。${tokenizers.length > 1 ? 'モデルによってトークナイザーが異なるので、比べられるのは文字あたりの値だけです。' : ''}`,
          }),
        ];
  if (changed.length > 0) {
    lines.push(
      say({
        en: `The tokenizer of ${changed.join(', ')} does not give the text back exactly: it is counted as the tokenizer reads it.`,
        ja: `${changed.join('、')} のトークナイザーはテキストを正確には復元しません: トークナイザーが読んだとおりに数えます。`,
      }),
    );
  }
  if (reasons.length > 0) {
    lines.push(
      say({
        en: `No bits/character: ${reasons.map(({ en }) => en).join('; ')}.`,
        ja: `ビット/文字なし: ${reasons.map(({ ja }) => ja).join('; ')}。`,
      }),
    );
  }
  return lines;
}
