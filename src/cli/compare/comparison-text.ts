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
import type { Say } from '../../kernel/language.ts';
import { caveatLine, REASON_CELLS, reasonLine, TITLES } from '../../report/formats/sections.ts';
import { table } from '../ui/table.ts';
import type { Colors } from '../ui/terminal.ts';

/** The sentence, the table, how to read it, and what was left out. */
export function comparisonText(report: ComparisonReport, colors: Colors, say: Say): string {
  const { columns, rows } = comparisonTable(report, say);
  const common = commonText(report, say);
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', colors.bold(title), ...lines.map((line) => `- ${line}`)];
  return [
    sideLine('A', report.a, say),
    sideLine('B', report.b, say),
    '',
    styled(report.verdict, colors)(say(report.summary)),
    '',
    ...(common === '' ? [] : [say({ en: `${common}.`, ja: `${common}。` }), '']),
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
    say(reading(report)),
    ...section(
      say(TITLES.caveats),
      report.caveats.map((caveat) =>
        caveat.severity === 'note' ? caveatLine(caveat, say) : colors.yellow(caveatLine(caveat, say)),
      ),
    ),
    ...section(say({ en: 'Not measured', ja: '未測定' }), missingLines(report, say)),
    ...section(say({ en: 'Left out', ja: '除外' }), report.leftOut.map(reasonLine(say, REASON_CELLS))),
    ...section(
      say({ en: 'Differences between the runs', ja: '実行の間の違い' }),
      differenceLines(report, say),
    ),
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
