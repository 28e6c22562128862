/** A comparison on a terminal. */
import type { ComparisonReport, Verdict } from '../../compare/model.ts';
import {
  commonText,
  comparisonTable,
  differenceLines,
  missingLines,
  reading,
  sideLine,
} from '../../compare/table.ts';
import { reasonLine } from '../../report/formats/sections.ts';
import { table } from '../ui/table.ts';
import type { Colors } from '../ui/terminal.ts';

/** The sentence, the table, how to read it, and what was left out. */
export function comparisonText(report: ComparisonReport, colors: Colors): string {
  const { columns, rows } = comparisonTable(report);
  const common = commonText(report);
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', colors.bold(title), ...lines.map((line) => `- ${line}`)];
  return [
    sideLine('A', report.a),
    sideLine('B', report.b),
    '',
    styled(report.verdict, colors)(report.summary),
    '',
    ...(common === '' ? [] : [`All cells: ${common}.`, '']),
    ...(rows.length === 0
      ? []
      : [
          table(
            columns.map(({ title, numeric }) => ({
              title,
              align: numeric ? ('right' as const) : ('left' as const),
            })),
            rows,
          ),
          '',
        ]),
    reading(report),
    ...section(
      'Caveats',
      report.caveats.map(({ severity, text }) =>
        severity === 'note' ? text : colors.yellow(`${severity}: ${text}`),
      ),
    ),
    ...section('Not measured', missingLines(report)),
    ...section('Left out', report.leftOut.map(reasonLine)),
    ...section('Differences between the runs', differenceLines(report)),
  ].join('\n');
}

function styled(verdict: Verdict, colors: Colors): (text: string) => string {
  switch (verdict) {
    case 'ok':
      return colors.green;
    case 'regression':
    case 'invalid':
      return colors.red;
    case 'undecided':
      return colors.yellow;
  }
}
