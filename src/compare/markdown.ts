/** A comparison as Markdown for a pull request: the verdict and the table first, details folded below. */
import { markdownTable } from 'markdown-table';
import { escapeCell, escapeText } from '../report/formats/markup.ts';
import { reasonLine } from '../report/formats/sections.ts';
import type { ComparisonReport, Verdict } from './model.ts';
import { commonText, comparisonTable, differenceLines, missingLines, reading, sideLine } from './table.ts';

const HEADLINES: Readonly<Record<Verdict, string>> = {
  ok: 'no regression',
  regression: 'regression',
  undecided: 'undecided',
  invalid: 'invalid, do not use these numbers',
};

/** The whole summary; ends with a newline. */
export function comparisonMarkdown(report: ComparisonReport): string {
  const { columns, rows } = comparisonTable(report);
  const common = commonText(report);
  const cells = [columns.map(({ title }) => title), ...rows].map((line) => line.map(escapeCell));
  const align = columns.map(({ numeric }) => (numeric ? 'r' : 'l'));
  const text = [
    `### Hayasa: ${HEADLINES[report.verdict]}`,
    escapeText(report.summary),
    ...(rows.length === 0 ? [] : [markdownTable(cells, { align, alignDelimiters: false, padding: true })]),
    ...report.caveats.map(({ severity, text: line }) =>
      severity === 'note' ? escapeText(line) : `**${severity}** ${escapeText(line)}`,
    ),
    [
      '<details><summary>How to read this, and what was compared</summary>',
      '',
      escapeText(reading(report)),
    ].join('\n'),
    list([
      sideLine('A', report.a),
      sideLine('B', report.b),
      ...(common === '' ? [] : [`All cells: ${common}`]),
      ...missingLines(report),
      ...report.leftOut.map((one) => `Left out, ${reasonLine(one)}`),
      ...differenceLines(report),
    ]),
    '</details>',
  ];
  return `${text.join('\n\n')}\n`;
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${escapeText(line)}`).join('\n');
