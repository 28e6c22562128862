/** The result of part `side-by-side` as Markdown tables. Pure. */
import { markdownTable } from 'markdown-table';
import type { Maybe } from '../../src/kernel/maybe.ts';
import { isDifferent } from '../../src/report/agreement.ts';
import type { Estimate } from '../../src/stats/estimate.ts';
import type { ClassResult, Contest, EngineRow } from './compare.ts';
import type { SideBySide } from './part.ts';

export function sideBySideTables(file: string, head: string, result: SideBySide): string {
  const { model, input, output, threads, classes, margin, contests, notMeasured } = result;
  const batches = [
    ...new Set(classes.flatMap(({ rows }) => rows.flatMap((row) => row.batches.map(({ batch }) => batch)))),
  ].sort((a, b) => a - b);
  return [
    `**[${file}](${file})**: ${head}`,
    `Every engine on ${model}, ${input} tokens in, ${output} out, ${threads} threads; tokens/s summed over the batch, prefill included, with the 95 % interval over launches; rounds in which all engines of a class run one after another in shuffled order.${notMeasured.length === 0 ? '' : ` Not measured yet: ${notMeasured.join(', ')}.`}`,
    ...classes.flatMap((one) => classTable(one, batches)),
    `The embedded engine over the fastest of all others, paired by round. Decided together over ${contests} comparisons (Holm's procedure): *leads* and *behind* are beyond chance, *ties* is within ${100 * margin} % of 1 beyond chance, *undecided* is neither.`,
    contestTable(classes),
  ].join('\n\n');
}

function classTable(
  { title, rounds, rows, failures, leftOut }: ClassResult,
  batches: readonly number[],
): string[] {
  const notes = [
    ...failures.map(({ cells, cause, message }) => `${cells.join(', ')}: ${cause}, ${message.en}`),
    ...leftOut.map(({ cells, reason }) => `${cells.join(', ')}: ${reason.en}`),
  ];
  return [
    `${title}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}:`,
    markdownTable(
      [
        ['engine', 'precision', ...batches.map((batch) => `batch ${batch}`)],
        ...rows.map((row) => rowCells(row, batches, rounds)),
      ],
      { align: ['l', 'l', ...batches.map(() => 'r')] },
    ),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note.replaceAll('\n', ' ')}`).join('\n')]),
  ];
}

const rowCells = (row: EngineRow, batches: readonly number[], rounds: number): string[] => [
  [row.engine, row.options].filter((text) => text !== '').join(' '),
  `${row.precision} (${row.precisionOwnName})`,
  ...batches.map((batch) => {
    const value = row.batches.find((one) => one.batch === batch);
    if (value === undefined) return '-';
    // Fewer launches than the others: a launch failed, or the run is not at its end.
    const launches =
      value.launches === rounds || value.throughput.kind === 'missing' ? '' : `, n = ${value.launches}`;
    const wrong = isDifferent(value.agreement) ? ', OTHER TOKENS' : '';
    return `${estimateText(value.throughput, 1)}${launches}${wrong}`;
  }),
];

function contestTable(classes: readonly ClassResult[]): string {
  return markdownTable([
    ['class', 'batch', 'embedded', 'fastest other', 'ratio (95 %)', 'outcome'],
    ...classes.flatMap(({ title, contests }) =>
      contests.filter(({ fastest }) => fastest).map((contest) => contestCells(title, contest)),
    ),
  ]);
}

const contestCells = (title: string, { batch, embedded, rival, ratio, outcome }: Contest): string[] => [
  title,
  String(batch),
  embedded,
  rival,
  estimateText(ratio, 2),
  outcome,
];

/** `86.1 (84.9 to 87.2)`, `-` where there is none. */
function estimateText(value: Maybe<Estimate>, digits: number): string {
  if (value.kind === 'missing') return '-';
  const { mean, interval } = value.value;
  const range =
    interval.kind === 'missing'
      ? ''
      : ` (${interval.value.low.toFixed(digits)} to ${interval.value.high.toFixed(digits)})`;
  return `${mean.toFixed(digits)}${range}`;
}
