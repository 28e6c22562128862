/** The report for people, as Markdown with its figures as SVG files beside it. */
import { markdownTable } from 'markdown-table';
import type { Say } from '../../kernel/language.ts';
import { experimentFigures } from '../figures/experiment-figures.ts';
import { kvFigureId, ladderFigures, TECHNIQUES_FIGURE } from '../figures/ladder-figures.ts';
import { FIGURES } from '../figures/registry.ts';
import { renderSvg } from '../figures/render-svg.ts';
import type { Caveat, NamedReason, Report } from '../model.ts';
import { formatValue } from '../numbers.ts';
import { CHOICE_TITLE, choiceReading, choiceTable } from './choice-section.ts';
import { claimsMarkdown } from './claims-section.ts';
import { dialectIntroduction, dialectLines, dialectTable, dialectTitle } from './dialect-section.ts';
import { experimentsMarkdown } from './experiments-section.ts';
import type { FileFormat, ReportFile } from './format.ts';
import { IMPORTED_READING, importedItems } from './imported-section.ts';
import { laddersMarkdown, techniquesMarkdown } from './ladder-section.ts';
import { LENGTHS_READING, LENGTHS_TITLE, lengthsTable } from './lengths-section.ts';
import { escapeCell, escapeHtml, escapeText, fenced } from './markup.ts';
import { qualityLines } from './quality-columns.ts';
import {
  commonLine,
  failureLine,
  mainTable,
  precisionLines,
  READING,
  reasonLine,
  rulesLine,
  SEVERITIES,
  TITLES,
} from './sections.ts';
import type { TextTable } from './text-table.ts';

export const markdown: FileFormat = {
  kind: 'files',
  id: 'markdown',
  summary: 'the report for people, with its figure',
  render: async (report, say) => {
    const figures = await renderFigures(report);
    const fileOf = (id: string): string | undefined => figures.find((figure) => figure.id === id)?.file.name;
    const text = [
      `# ${escapeText(report.title)}`,
      ...report.answer.sentences.map(say).map(escapeText),
      ...choiceMarkdown(report, say),
      ...figures
        .filter(({ placed }) => !placed)
        .map(({ title, file }) => `![${escapeText(title)}](${file.name})`),
      ...(report.claims === undefined ? [] : claimsMarkdown(report.claims, say)),
      ...experimentsMarkdown(report.experiments ?? [], fileOf, say),
      ...laddersMarkdown(
        report.ladders ?? [],
        (id) => ({
          ladder: fileOf(id),
          kvCache: fileOf(kvFigureId(id)),
        }),
        say,
      ),
      ...(report.ladders === undefined ? [] : techniquesMarkdown(fileOf(TECHNIQUES_FIGURE), say)),
      ...resultSection(report, say),
      ...lengthsMarkdown(report, say),
      ...importedMarkdown(report, say),
      ...dialectMarkdown(report, say),
      ...listSection(
        say(TITLES.caveats),
        report.caveats.map((caveat) => caveatMarkdown(caveat, say)),
      ),
      ...failureSection(report, say),
      ...listSection(say(TITLES.dropped), report.dropped.map(reasonMarkdown(say))),
      ...listSection(say(TITLES.skipped), report.skipped.map(reasonMarkdown(say))),
      ...conditionsSection(report, say),
    ].join('\n\n');
    return [{ name: 'report.md', text: `${text}\n` }, ...figures.map(({ file }) => file)];
  },
};

interface RenderedFigure {
  readonly id: string;
  readonly title: string;
  readonly file: ReportFile;
  /** Whether it stands in the section of its experiment, else at the top. */
  readonly placed: boolean;
}

async function renderFigures(report: Report): Promise<RenderedFigure[]> {
  const overall = FIGURES.flatMap(({ id, make }) => {
    const made = make(report);
    return made === undefined ? [] : [{ id, ...made }];
  });
  // Experiments have figures of their own in place of the one over everything.
  const own = [...experimentFigures(report), ...ladderFigures(report)];
  const placed = report.experiments !== undefined || report.ladders !== undefined;
  const figures = placed ? own : overall;
  return Promise.all(
    figures.map(async ({ id, title, spec }) => ({
      id,
      title,
      placed,
      file: { name: `${id}.svg`, text: await renderSvg(spec) },
    })),
  );
}

function resultSection(report: Report, say: Say): string[] {
  const { columns, rowCount } = mainTable(report, { value: formatValue, precision: 'kind' }, say);
  if (rowCount === 0) return [];
  const common = commonLine(report, say);
  return [
    `## ${say({ en: 'Results', ja: '結果' })}`,
    ...(common === '' ? [] : [escapeText(common)]),
    drawTable({ columns, rowCount }),
    say(READING),
    ...[rulesLine(report, say) ?? []].flat(),
    ...qualityLines(report, say).map(escapeText),
    ...(report.table.precisions.length === 0
      ? []
      : [
          precisionLines(report, say)
            .map((line) => `- ${escapeText(line)}`)
            .join('\n'),
        ]),
  ];
}

function choiceMarkdown(report: Report, say: Say): string[] {
  const { choice } = report;
  if (choice === undefined) return [];
  const all = Number.POSITIVE_INFINITY;
  return [
    `## ${say(CHOICE_TITLE)}`,
    drawTable(choiceTable(report, choice, all, say)),
    escapeText(choiceReading(choice, all, say)),
  ];
}

/** A table as Markdown. */
export function drawTable({ columns, rowCount }: TextTable): string {
  const rows = Array.from({ length: rowCount }, (_, row) => columns.map(({ texts }) => texts[row] ?? ''));
  return markdownTable(
    [columns.map(({ title }) => title), ...rows].map((line) => line.map(escapeCell)),
    { align: columns.map(({ numeric }) => (numeric ? 'r' : 'l')), alignDelimiters: false, padding: true },
  );
}

/** A caveat with its severity in bold. */
export const caveatMarkdown = ({ severity, text }: Caveat, say: Say): string =>
  severity === 'note' ? escapeText(say(text)) : `**${say(SEVERITIES[severity])}** ${escapeText(say(text))}`;

function lengthsMarkdown(report: Report, say: Say): string[] {
  const table = lengthsTable(report, say);
  return table.rowCount === 0 ? [] : [`## ${say(LENGTHS_TITLE)}`, say(LENGTHS_READING), drawTable(table)];
}

function importedMarkdown(report: Report, say: Say): string[] {
  if (report.imported === undefined) return [];
  const lines = importedItems(report, say).flatMap(({ text, inner }) => [
    `- ${escapeText(text)}`,
    ...inner.map((line) => `  - ${escapeText(line)}`),
  ]);
  return [say(IMPORTED_READING), `## ${say(TITLES.imported)}`, lines.join('\n')];
}

function dialectMarkdown(report: Report, say: Say): string[] {
  const { dialect } = report;
  if (dialect === undefined) return [];
  return [
    `## ${escapeText(dialectTitle(dialect, say))}`,
    escapeText(dialectIntroduction(report, say)),
    drawTable(dialectTable(report, { value: formatValue, precision: 'kind' }, say)),
    dialectLines(report, say)
      .map((line) => `- ${escapeText(line)}`)
      .join('\n'),
  ];
}

function failureSection({ failures }: Report, say: Say): string[] {
  if (failures.length === 0) return [];
  return [
    `## ${say(TITLES.failures)}`,
    ...failures.flatMap((failure) => [
      `- ${escapeText(failureLine(failure, say))}`,
      ...(failure.stderrTail === undefined ? [] : [fenced(failure.stderrTail)]),
    ]),
  ];
}

function conditionsSection(report: Report, say: Say): string[] {
  return [
    `## ${say({ en: 'Conditions', ja: '条件' })}`,
    [...report.conditions, ...report.paths]
      .map(({ name, value }) => `- ${escapeText(say(name))}: ${escapeText(say(value))}`)
      .join('\n'),
    say({
      en: `Run \`${report.runId}\`; repeat it with:`,
      ja: `実行 \`${report.runId}\`。もう一度行うには:`,
    }),
    fenced(report.command),
  ];
}

/** All cells of a reason; many of them fold away behind their number. */
const reasonMarkdown =
  (say: Say) =>
  (one: NamedReason): string => {
    if (one.cells.length <= FOLDED_FROM) return escapeText(reasonLine(say)(one));
    const count = say({ en: `${one.cells.length} cells`, ja: `${one.cells.length} セル` });
    const names = escapeHtml(one.cells.join('; '));
    return `<details><summary>${escapeHtml(say(one.reason))}: ${count}</summary> ${names}</details>`;
  };

/** More cells than this are not read as a sentence. */
const FOLDED_FROM = 12;

const listSection = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`## ${title}`, lines.map((line) => `- ${line}`).join('\n')];
