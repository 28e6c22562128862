/** `hayasa quality` for people. */
import type { Maybe } from '../../kernel/maybe.ts';
import type { RatioOfSums } from '../../stats/ratio-of-sums.ts';
import { significant } from '../ui/numbers.ts';
import { definitionList, table } from '../ui/table.ts';
import type { QualityReport, QualityRow } from './outcome.ts';

export function qualityText(report: QualityReport): string {
  const { model, text, tokenizer, tokens, windows, contextTokens, reference, failures, leftOut } = report;
  const parts = [
    `${model} on ${text.name}: ${text.characters.toLocaleString('en')} characters predicted, ${tokens.toLocaleString('en')} tokens of ${tokenizer.kind}, ${windows.length} windows, each after at most ${contextTokens} tokens`,
    table(
      [
        { title: 'engine' },
        { title: 'precision' },
        { title: 'bits/character', align: 'right' },
        { title: 'above fp32', align: 'right' },
        { title: 'same choice', align: 'right' },
        { title: 'KL, nats', align: 'right' },
        { title: 'perplexity/token', align: 'right' },
      ],
      report.rows.map(cells),
    ),
    notes(report),
  ];
  if (failures.length > 0) {
    parts.push(
      `failed\n${definitionList(failures.map(({ engine, precision, failure }) => [`${engine} ${precision}`, failure.message]))}`,
    );
  }
  if (leftOut.length > 0) {
    parts.push(
      `left out\n${definitionList(leftOut.map(({ engine, precision, reason }) => [`${engine} ${precision ?? ''}`.trim(), reason]))}`,
    );
  }
  if (reference === undefined) parts.push('no reference in fp32: nothing is compared with it');
  return parts.join('\n\n');
}

function cells({ engine, precision, ...row }: QualityRow): string[] {
  const { agreement } = row;
  return [
    engine,
    precision,
    withReach(row.bitsPerCharacter, 3),
    withReach(row.aboveReference, 4, true),
    agreement === undefined ? '-' : `${((100 * agreement.equalChoices) / agreement.positions).toFixed(1)} %`,
    agreement === undefined ? '-' : significant(agreement.meanKlDivergence),
    row.perplexityPerToken.kind === 'value' ? significant(row.perplexityPerToken.value) : '-',
  ];
}

/** `1.234 ±0.056`. */
function withReach(value: Maybe<RatioOfSums>, digits: number, signed = false): string {
  if (value.kind === 'missing') return '-';
  const { value: ratio, interval } = value.value;
  const sign = signed && ratio > 0 ? '+' : '';
  const reach =
    interval.kind === 'missing'
      ? ''
      : ` ±${((interval.value.high - interval.value.low) / 2).toFixed(digits)}`;
  return `${sign}${ratio.toFixed(digits)}${reach}`;
}

function notes({ reference, comesBack, rows }: QualityReport): string {
  const positions = rows.find(({ agreement }) => agreement !== undefined)?.agreement?.positions;
  const lines = [
    'bits/character: -log2 p of the tokens, summed, over their Unicode code points; the first token has no context and is not counted. ±: 95 %, t over windows. It compares models of any tokenizer; perplexity/token compares precisions of this one tokenizer alone.',
  ];
  if (reference !== undefined) {
    lines.push(
      `above fp32: window by window, against ${reference}. same choice, KL: teacher-forced, against its logits${positions === undefined ? '' : ` at ${positions.toLocaleString('en')} positions`}.`,
    );
  }
  if (!comesBack) {
    lines.push(
      'This tokenizer does not give the text back exactly: what it normalises, or does not know, is counted as it reads it.',
    );
  }
  return lines.join('\n');
}
