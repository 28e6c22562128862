/** The lines that the terminal and the Markdown summary share: the same words, in the same order. */
import type { Maybe } from '../kernel/maybe.ts';
import { counted, formatNumber, formatValue } from '../report/numbers.ts';
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
export function comparisonTable(report: ComparisonReport): ComparisonTable {
  const { metric } = report;
  return {
    columns: [
      { title: 'cell', numeric: false },
      { title: `A (${metric.shownUnit})`, numeric: true },
      { title: `B (${metric.shownUnit})`, numeric: true },
      { title: 'B against A', numeric: true },
      { title: 'B is', numeric: false },
      { title: 'detectable', numeric: true },
      { title: 'design', numeric: false },
    ],
    rows: report.rows.map((row) => [
      row.label,
      formatValue(row.a, metric),
      formatValue(row.b, metric),
      ratioText(row.ratio),
      outcomeWord(row.outcome, metric),
      detectableText(row),
      designText(row.design),
    ]),
  };
}

/** `1.124x [1.101, 1.147]`; three digits, because margins are of a few per cent. */
function ratioText(ratio: Maybe<Estimate>): string {
  if (ratio.kind === 'missing') return '–';
  const number = (value: number): string => formatNumber(value, value >= 10 ? 1 : 3);
  const { mean, interval } = ratio.value;
  if (interval.kind === 'missing') return `${number(mean)}x (no interval)`;
  return `${number(mean)}x [${number(interval.value.low)}, ${number(interval.value.high)}]`;
}

/** `5.1 %`: the smallest detectable difference; beyond tenfold a figure would only pretend to say something. */
function detectableText({ minimumDetectableRatio: ratio }: ComparedPair): string {
  if (ratio.kind === 'missing') return '–';
  if (ratio.value > 10) return 'over 900 %';
  return `${formatNumber((ratio.value - 1) * 100, ratio.value < 1.1 ? 1 : 0)} %`;
}

const designText = (design: Design): string =>
  design.kind === 'paired'
    ? `${counted(design.blocks, 'block')}, paired`
    : `${design.launchesA} and ${design.launchesB} launches, not paired`;

/** `A: runs/x (quickstart), engine=onnxruntime, 2026-11-24T00:00:01.000Z to ...`. */
export function sideLine(name: 'A' | 'B', { run, study, selection, first, last }: ComparedSide): string {
  const what = selection === '' ? '' : `, ${selection}`;
  const when = first === '' ? ', nothing measured' : `, ${first} to ${last}`;
  return `${name}: ${run} (${study})${what}${when}`;
}

/** How the table is to be read. */
export function reading({ margin, level, metric, family, looks }: ComparisonReport): string {
  const direction = metric.better === 'higher' ? '' : ` (${metric.title} is better when lower)`;
  return [
    `B against A: above 1, B is better${direction}.`,
    ...(looks === undefined ? fixedLines(level, family) : lookLines(level, family, looks)),
    `Equivalent: within ${marginText(margin)}.`,
    'Detectable: a true difference of this size is found in about 80 % of experiments of this size.',
  ].join(' ');
}

const fixedLines = (level: number, family: number): string[] => [
  `Intervals: ${fixedLevel(level)}, of each comparison alone.`,
  ...(family > 1 ? [`Outcomes: Holm's procedure over ${family} comparisons (Holm 1979).`] : []),
];

/** Above 95 % where cells were looked at while they ran: rounded, it must not become 100 %. */
const fixedLevel = (level: number): string =>
  level === LEVEL
    ? `${formatNumber(level * 100, 0)} %`
    : `${formatNumber(level * 100, 2)} % (that of the strictest look, since the run could stop for what it saw)`;

const lookLines = (level: number, family: number, { first, maximum }: Looks): string[] => [
  `Looked at after every block from ${first} to ${maximum}, until decided; each interval is that of the look that decided it.`,
  `All intervals of all looks${family > 1 ? ` of all ${family} comparisons (Bonferroni)` : ''} hold together with ${formatNumber(level * 100, 0)} % (error spending, Lan and DeMets 1983).`,
];

/** `batch 4: B: out-of-memory: ...`, for sides that have no value. */
export const missingLines = ({ rows }: ComparisonReport): string[] =>
  rows.flatMap(({ label, a, b }) => [
    ...(a.kind === 'missing' ? [`${label}: A: ${a.reason}`] : []),
    ...(b.kind === 'missing' ? [`${label}: B: ${b.reason}`] : []),
  ]);

/** `Hayasa: 0.1.0 in A, 0.2.0 in B`. */
export const differenceLines = ({ differences }: ComparisonReport): string[] =>
  differences.map(({ name, a, b }) => `${name}: ${a} in A, ${b} in B`);

/** What all compared cells share: `precision fp32, batch 1`. */
export const commonText = ({ common }: ComparisonReport): string =>
  common.map(({ name, value }) => `${name} ${value}`).join(', ');
