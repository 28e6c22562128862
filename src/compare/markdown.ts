/** A comparison as Markdown for a pull request: the verdict and the table first, details folded below. */
import { markdownTable } from 'markdown-table';
import type { Say, Words } from '../kernel/language.ts';
import { caveatMarkdown } from '../report/formats/markdown.ts';
import { escapeCell, escapeText } from '../report/formats/markup.ts';
import { reasonLine } from '../report/formats/sections.ts';
import type { ComparisonReport, Verdict } from './model.ts';
import { commonText, comparisonTable, differenceLines, missingLines, reading, sideLine } from './table.ts';

const HEADLINES: Readonly<Record<Verdict, Words>> = {
  ok: { en: 'no regression', ja: '低下なし' },
  regression: { en: 'regression', ja: '性能低下' },
  undecided: { en: 'undecided', ja: '未決' },
  invalid: { en: 'invalid, do not use these numbers', ja: '無効。これらの数値を使わないでください' },
};

/** The whole summary; ends with a newline. */
export function comparisonMarkdown(report: ComparisonReport, say: Say): string {
  const { columns, rows } = comparisonTable(report, say);
  const common = commonText(report, say);
  const cells = [columns.map(({ title }) => title), ...rows].map((line) => line.map(escapeCell));
  const align = columns.map(({ numeric }) => (numeric ? 'r' : 'l'));
  const text = [
    `### Hayasa: ${say(HEADLINES[report.verdict])}`,
    escapeText(say(report.summary)),
    ...(rows.length === 0 ? [] : [markdownTable(cells, { align, alignDelimiters: false, padding: true })]),
    ...report.caveats.map((caveat) => caveatMarkdown(caveat, say)),
    [
      `<details><summary>${say({ en: 'How to read this, and what was compared', ja: '読み方と、比べたもの' })}</summary>`,
      '',
      escapeText(say(reading(report))),
    ].join('\n'),
    list([
      sideLine('A', report.a, say),
      sideLine('B', report.b, say),
      ...(common === '' ? [] : [common]),
      ...missingLines(report, say),
      ...report.leftOut
        .map(reasonLine(say))
        .map((line) => say({ en: `Left out, ${line}`, ja: `除外: ${line}` })),
      ...differenceLines(report, say),
    ]),
    '</details>',
  ];
  return `${text.join('\n\n')}\n`;
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${escapeText(line)}`).join('\n');
