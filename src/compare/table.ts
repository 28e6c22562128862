/** The lines that the terminal and the Markdown summary share: the same words, in the same order. */
import { type Say, same, type Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';
import { joined } from '../report/joined.ts';
import { counted, formatNumber, formatValue, NO_INTERVAL } from '../report/numbers.ts';
import type { Estimate } from '../stats/estimate.ts';
import { LEVEL } from '../stats/estimate.ts';
import type { ComparedPair, ComparedSide, ComparisonReport, Design } from './model.ts';
import type { Looks } from './sequential.ts';
import { marginText, outcomeWord } from './verdict.ts';

export interface ComparisonTable {
  readonly columns: readonly { readonly title: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

/** One row per comparison. */
export function comparisonTable(report: ComparisonReport, say: Say): ComparisonTable {
  const { metric } = report;
  return {
    columns: [
      { title: say({ en: 'cell', ja: 'セル' }), numeric: false },
      { title: `A (${metric.shownUnit})`, numeric: true },
      { title: `B (${metric.shownUnit})`, numeric: true },
      { title: say({ en: 'B against A', ja: 'A に対する B' }), numeric: true },
      { title: say({ en: 'B is', ja: 'B は' }), numeric: false },
      { title: say({ en: 'detectable', ja: '検出可能な差' }), numeric: true },
      { title: say({ en: 'design', ja: '設計' }), numeric: false },
    ],
    rows: report.rows.map((row) => [
      row.label,
      formatValue(row.a, metric, say),
      formatValue(row.b, metric, say),
      ratioText(row.ratio, say),
      say(outcomeWord(row.outcome, metric)),
      detectableText(row, say),
      say(designText(row.design)),
    ]),
  };
}

/** `1.124x [1.101, 1.147]`; three digits, because margins are of a few per cent. */
function ratioText(ratio: Maybe<Estimate>, say: Say): string {
  if (ratio.kind === 'missing') return '–';
  const number = (value: number): string => formatNumber(value, value >= 10 ? 1 : 3);
  const { mean, interval } = ratio.value;
  if (interval.kind === 'missing') return `${number(mean)}x (${say(NO_INTERVAL)})`;
  return `${number(mean)}x [${number(interval.value.low)}, ${number(interval.value.high)}]`;
}

/** `5.1 %`: the smallest detectable difference; beyond tenfold a figure would only pretend to say something. */
function detectableText({ minimumDetectableRatio: ratio }: ComparedPair, say: Say): string {
  if (ratio.kind === 'missing') return '–';
  if (ratio.value > 10) return say({ en: 'over 900 %', ja: '900 % 超' });
  return `${formatNumber((ratio.value - 1) * 100, ratio.value < 1.1 ? 1 : 0)} %`;
}

const designText = (design: Design): Words =>
  design.kind === 'paired'
    ? { en: `${counted(design.blocks, 'block')}, paired`, ja: `${design.blocks} ブロック、対応あり` }
    : {
        en: `${design.launchesA} and ${design.launchesB} launches, not paired`,
        ja: `${design.launchesA} 起動と ${design.launchesB} 起動、対応なし`,
      };

/** `A: runs/x (quickstart), engine=onnxruntime, 2026-11-24T00:00:01.000Z to ...`. */
export function sideLine(
  name: 'A' | 'B',
  { run, study, selection, first, last }: ComparedSide,
  say: Say,
): string {
  const what = selection === '' ? '' : `, ${selection}`;
  const when =
    first === ''
      ? say({ en: ', nothing measured', ja: ', 未測定' })
      : say({ en: `, ${first} to ${last}`, ja: `, ${first} 〜 ${last}` });
  return `${name}: ${run} (${study})${what}${when}`;
}

/** How the table is to be read. */
export function reading({ margin, level, metric, family, looks }: ComparisonReport): Words {
  const lower =
    metric.better === 'higher'
      ? same('')
      : {
          en: ` (${metric.title.en} is better when lower)`,
          ja: `（${metric.title.ja} は低いほど良い）`,
        };
  return joined([
    {
      en: `B against A: above 1, B is better${lower.en}.`,
      ja: `A に対する B: 1 より大きければ B のほうが良い${lower.ja}。`,
    },
    ...(looks === undefined ? fixedLines(level, family) : lookLines(level, family, looks)),
    { en: `Equivalent: within ${marginText(margin)}.`, ja: `同等: ${marginText(margin)} 以内。` },
    {
      en: 'Detectable: a true difference of this size is found in about 80 % of experiments of this size.',
      ja: '検出可能な差: 本当の差がこの大きさなら、この規模の実験の約 80 % で検出されます。',
    },
  ]);
}

const fixedLines = (level: number, family: number): Words[] => {
  const { en, ja } = fixedLevel(level);
  return [
    { en: `Intervals: ${en}, of each comparison alone.`, ja: `区間: 各比較単独の ${ja} 信頼区間。` },
    ...(family > 1
      ? [
          {
            en: `Outcomes: Holm's procedure over ${family} comparisons (Holm 1979).`,
            ja: `結果: ${family} 件の比較に対する Holm の手順（Holm 1979）。`,
          },
        ]
      : []),
  ];
};

/** Above 95 % where cells were looked at while they ran: rounded, it must not become 100 %. */
const fixedLevel = (level: number): Words =>
  level === LEVEL
    ? same(`${formatNumber(level * 100, 0)} %`)
    : {
        en: `${formatNumber(level * 100, 2)} % (that of the strictest look, since the run could stop for what it saw)`,
        ja: `${formatNumber(level * 100, 2)} %（途中の結果を見て止まりうる実行なので、最も厳しい確認の水準）`,
      };

const lookLines = (level: number, family: number, { first, maximum }: Looks): Words[] => [
  {
    en: `Looked at after every block from ${first} to ${maximum}, until decided; each interval is that of the look that decided it.`,
    ja: `ブロック ${first} から ${maximum} まで、決まるまでブロックごとに確認しました。各区間は、決まった時点の確認のものです。`,
  },
  {
    en: `All intervals of all looks${family > 1 ? ` of all ${family} comparisons (Bonferroni)` : ''} hold together with ${formatNumber(level * 100, 0)} % (error spending, Lan and DeMets 1983).`,
    ja: `${family > 1 ? `${family} 件の比較の（Bonferroni）` : ''}すべての確認のすべての区間が同時に ${formatNumber(level * 100, 0)} % で成り立ちます（誤差消費、Lan and DeMets 1983）。`,
  },
];

/** `batch 4: B: out-of-memory: ...`, for sides that have no value. */
export const missingLines = ({ rows }: ComparisonReport, say: Say): string[] =>
  rows.flatMap(({ label, a, b }) => [
    ...(a.kind === 'missing' ? [`${label}: A: ${say(a.reason)}`] : []),
    ...(b.kind === 'missing' ? [`${label}: B: ${say(b.reason)}`] : []),
  ]);

/** `Hayasa: 0.1.0 in A, 0.2.0 in B`. */
export const differenceLines = ({ differences }: ComparisonReport, say: Say): string[] =>
  differences.map(({ name, a, b }) =>
    say({
      en: `${name.en}: ${a.en} in A, ${b.en} in B`,
      ja: `${name.ja}: A は ${a.ja}、B は ${b.ja}`,
    }),
  );

/** What all compared cells share: `All cells: precision fp32, batch 1`; empty where they share nothing. */
export function commonText({ common }: ComparisonReport, say: Say): string {
  const facts = common.map(({ name, value }) => `${say(name)} ${value}`);
  return facts.length === 0
    ? ''
    : say({ en: `All cells: ${facts.join(', ')}`, ja: `全セルに共通: ${facts.join('、')}` });
}
