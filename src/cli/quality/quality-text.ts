/** `hayasa quality` for people. */

import { asWords, type Say } from '../../kernel/language.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import type { RatioOfSums } from '../../stats/ratio-of-sums.ts';
import { textName } from '../../text/text-file.ts';
import { significant } from '../ui/numbers.ts';
import { definitionList, table } from '../ui/table.ts';
import type { QualityReport, QualityRow } from './outcome.ts';

export function qualityText(report: QualityReport, say: Say): string {
  const { model, text, tokenizer, tokens, windows, contextTokens, reference, failures, leftOut } = report;
  const parts = [
    say({
      en: `${model} on ${textName(text.name).en}: ${text.characters.toLocaleString('en')} characters predicted, ${tokens.toLocaleString('en')} tokens of ${tokenizer.kind}, ${windows.length} windows, each after at most ${contextTokens} tokens`,
      ja: `${textName(text.name).ja} での ${model}: 予測した文字 ${text.characters.toLocaleString('en')}、トークン ${tokens.toLocaleString('en')}（${tokenizer.kind}）、窓 ${windows.length}、それぞれの前に最大 ${contextTokens} トークン`,
    }),
    table(
      [
        { title: say({ en: 'engine', ja: 'エンジン' }) },
        { title: say({ en: 'precision', ja: '精度' }) },
        { title: say({ en: 'bits/character', ja: 'ビット/文字' }), align: 'right' },
        { title: say({ en: 'above fp32', ja: 'fp32 との差' }), align: 'right' },
        { title: say({ en: 'same choice', ja: '同じ選択' }), align: 'right' },
        { title: say({ en: 'KL, nats', ja: 'KL（nat）' }), align: 'right' },
        { title: say({ en: 'perplexity/token', ja: 'パープレキシティ/トークン' }), align: 'right' },
      ],
      report.rows.map(cells),
    ),
    notes(report, say),
  ];
  if (failures.length > 0) {
    parts.push(
      `${say({ en: 'failed', ja: '失敗' })}\n${definitionList(failures.map(({ engine, precision, failure }) => [`${engine} ${precision}`, say(asWords(failure.message))]))}`,
    );
  }
  if (leftOut.length > 0) {
    parts.push(
      `${say({ en: 'left out', ja: '除外' })}\n${definitionList(leftOut.map(({ engine, precision, reason }) => [`${engine} ${precision ?? ''}`.trim(), say(reason)]))}`,
    );
  }
  if (reference === undefined)
    parts.push(
      say({
        en: 'no reference in fp32: nothing is compared with it',
        ja: 'fp32 の参照がないため、それとの比較はありません',
      }),
    );
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

function notes({ reference, comesBack, rows }: QualityReport, say: Say): string {
  const positions = rows.find(({ agreement }) => agreement !== undefined)?.agreement?.positions;
  const lines = [
    say({
      en: 'bits/character: -log2 p of the tokens, summed, over their Unicode code points; the first token has no context and is not counted. ±: 95 %, t over windows. It compares models of any tokenizer; perplexity/token compares precisions of this one tokenizer alone.',
      ja: 'ビット/文字: トークンの -log2 p の和を、その Unicode 符号位置の数で割ったもの。最初のトークンには文脈がないので数えません。±: 95 %、窓についての t 区間。どのトークナイザーのモデルも比べられます。パープレキシティ/トークンは、この一つのトークナイザーの精度どうしだけを比べます。',
    }),
  ];
  if (reference !== undefined) {
    lines.push(
      say({
        en: `above fp32: window by window, against ${reference}. same choice, KL: teacher-forced, against its logits${positions === undefined ? '' : ` at ${positions.toLocaleString('en')} positions`}.`,
        ja: `fp32 との差: 窓ごとに、${reference} に対して。同じ選択、KL: 参照の文章を与え、そのロジットに対して${positions === undefined ? '' : `（${positions.toLocaleString('en')} 位置）`}。`,
      }),
    );
  }
  if (!comesBack) {
    lines.push(
      say({
        en: 'This tokenizer does not give the text back exactly: what it normalises, or does not know, is counted as it reads it.',
        ja: 'このトークナイザーは文章を正確には元に戻しません: 正規化されるもの、知らないものは、読まれた形で数えています。',
      }),
    );
  }
  return lines.join('\n');
}
