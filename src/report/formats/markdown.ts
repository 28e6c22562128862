/** The report for people, as Markdown with its figures as SVG files beside it. */
import { markdownTable } from 'markdown-table';
import { experimentFigures } from '../figures/experiment-figures.ts';
import { kvFigureId, ladderFigures, TECHNIQUES_FIGURE } from '../figures/ladder-figures.ts';
import { FIGURES } from '../figures/registry.ts';
import { renderSvg } from '../figures/render-svg.ts';
import type { Report } from '../model.ts';
import { formatValue } from '../numbers.ts';
import { CHOICE_TITLE, choiceReading, choiceTable } from './choice-section.ts';
import { claimsMarkdown } from './claims-section.ts';
import { dialectIntroduction, dialectLines, dialectTable } from './dialect-section.ts';
import { experimentsMarkdown } from './experiments-section.ts';
import type { FileFormat, ReportFile } from './format.ts';
import { IMPORTED_READING, importedItems } from './imported-section.ts';
import { laddersMarkdown, techniquesMarkdown } from './ladder-section.ts';
import { LENGTHS_READING, LENGTHS_TITLE, lengthsTable } from './lengths-section.ts';
import { escapeCell, escapeText, fenced } from './markup.ts';
import { qualityLines } from './quality-columns.ts';
import {
  commonLine,
  failureLine,
  mainTable,
  precisionLines,
  READING,
  reasonLine,
  rulesLine,
} from './sections.ts';
import type { TextTable } from './text-table.ts';

export const markdown: FileFormat = {
  kind: 'files',
  id: 'markdown',
  summary: 'the report for people, with its figure',
  render: async (report) => {
    const figures = await renderFigures(report);
    const fileOf = (id: string): string | undefined => figures.find((figure) => figure.id === id)?.file.name;
    const text = [
      `# ${escapeText(report.title)}`,
      ...report.answer.sentences.map(escapeText),
      ...choiceMarkdown(report),
      ...figures
        .filter(({ placed }) => !placed)
        .map(({ title, file }) => `![${escapeText(title)}](${file.name})`),
      ...(report.claims === undefined ? [] : claimsMarkdown(report.claims)),
      ...experimentsMarkdown(report.experiments ?? [], fileOf),
      ...laddersMarkdown(report.ladders ?? [], (id) => ({
        ladder: fileOf(id),
        kvCache: fileOf(kvFigureId(id)),
      })),
      ...(report.ladders === undefined ? [] : techniquesMarkdown(fileOf(TECHNIQUES_FIGURE))),
      ...resultSection(report),
      ...lengthsMarkdown(report),
      ...importedMarkdown(report),
      ...dialectMarkdown(report),
      ...listSection(
        'Caveats',
        report.caveats.map(({ severity, text: line }) =>
          severity === 'note' ? escapeText(line) : `**${severity}** ${escapeText(line)}`,
        ),
      ),
      ...failureSection(report),
      ...listSection('Dropped', report.dropped.map(reasonLine).map(escapeText)),
      ...listSection('Skipped', report.skipped.map(reasonLine).map(escapeText)),
      ...conditionsSection(report),
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

function resultSection(report: Report): string[] {
  const { columns, rowCount } = mainTable(report, { value: formatValue, precision: 'kind' });
  if (rowCount === 0) return [];
  const common = commonLine(report);
  return [
    '## Results',
    ...(common === '' ? [] : [escapeText(common)]),
    drawTable({ columns, rowCount }),
    READING,
    ...[rulesLine(report) ?? []].flat(),
    ...qualityLines(report).map(escapeText),
    ...(report.table.precisions.length === 0
      ? []
      : [
          precisionLines(report)
            .map((line) => `- ${escapeText(line)}`)
            .join('\n'),
        ]),
  ];
}

function choiceMarkdown(report: Report): string[] {
  const { choice } = report;
  if (choice === undefined) return [];
  const all = Number.POSITIVE_INFINITY;
  return [
    `## ${CHOICE_TITLE}`,
    drawTable(choiceTable(report, choice, all)),
    escapeText(choiceReading(choice, all)),
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

function lengthsMarkdown(report: Report): string[] {
  const table = lengthsTable(report);
  return table.rowCount === 0 ? [] : [`## ${LENGTHS_TITLE}`, LENGTHS_READING, drawTable(table)];
}

function importedMarkdown(report: Report): string[] {
  if (report.imported === undefined) return [];
  const lines = importedItems(report).flatMap(({ text, inner }) => [
    `- ${escapeText(text)}`,
    ...inner.map((line) => `  - ${escapeText(line)}`),
  ]);
  return [IMPORTED_READING, '## Imported', lines.join('\n')];
}

function dialectMarkdown(report: Report): string[] {
  const { dialect } = report;
  if (dialect === undefined) return [];
  return [
    `## In the words of ${escapeText(dialect.peer)}`,
    escapeText(dialectIntroduction(report)),
    drawTable(dialectTable(report, { value: formatValue, precision: 'kind' })),
    dialectLines(report)
      .map((line) => `- ${escapeText(line)}`)
      .join('\n'),
  ];
}

function failureSection({ failures }: Report): string[] {
  if (failures.length === 0) return [];
  return [
    '## Failures',
    ...failures.flatMap((failure) => [
      `- ${escapeText(failureLine(failure))}`,
      ...(failure.stderrTail === undefined ? [] : [fenced(failure.stderrTail)]),
    ]),
  ];
}

function conditionsSection(report: Report): string[] {
  return [
    '## Conditions',
    [...report.conditions, ...report.paths]
      .map(({ name, value }) => `- ${escapeText(name)}: ${escapeText(value)}`)
      .join('\n'),
    `Run \`${report.runId}\`; repeat it with:`,
    fenced(report.command),
  ];
}

const listSection = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`## ${title}`, lines.map((line) => `- ${line}`).join('\n')];
