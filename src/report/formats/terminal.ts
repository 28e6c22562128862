/**
 * The report on a screen. Colours only where the caller says that they are understood; a table too wide for the
 * screen becomes several, each with the labels; nothing is cut off. Japanese text takes two columns a character, as
 * cli-table3 counts it.
 */
import picocolors from 'picocolors';
import type { FailureGroup } from '../model.ts';
import { formatNarrow } from '../numbers.ts';
import { CHOICE_TITLE, choiceReading, choiceTable } from './choice-section.ts';
import { claimsTerminal } from './claims-section.ts';
import { dialectIntroduction, dialectLines, dialectTable } from './dialect-section.ts';
import type { ScreenFormat } from './format.ts';
import { IMPORTED_READING, importedItems } from './imported-section.ts';
import { ladderParagraphs } from './ladder-section.ts';
import { LENGTHS_READING, LENGTHS_TITLE, lengthsTable } from './lengths-section.ts';
import { qualityLines } from './quality-columns.ts';
import { tables, wrap } from './screen-table.ts';
import {
  commonLine,
  failureLine,
  mainTable,
  precisionLines,
  READING,
  reasonLine,
  rulesLine,
} from './sections.ts';

export const terminal: ScreenFormat = {
  kind: 'screen',
  id: 'terminal',
  summary: 'the report on the screen',
  render: (report, screen) => {
    const colours = picocolors.createColors(screen.colour);
    const paragraph = (text: string, style: Style = plain): string[] =>
      wrap(text, screen.width).map((line) => style(line));
    const item = (text: string, style: Style = plain): string[] =>
      wrap(text, screen.width - 2).map((line, index) => style(`${index === 0 ? '- ' : '  '}${line}`));
    const section = (title: string, lines: readonly string[]): string[] =>
      lines.length === 0 ? [] : [colours.bold(title), ...lines, ''];
    const common = commonLine(report);
    return [
      colours.bold(report.title),
      '',
      ...report.answer.sentences.flatMap((sentence) => [...paragraph(sentence, colours.green), '']),
      ...(report.choice === undefined
        ? []
        : section(CHOICE_TITLE, [
            ...tables(choiceTable(report, report.choice, CHOICE_ROWS), screen),
            ...paragraph(choiceReading(report.choice, CHOICE_ROWS)),
          ])),
      ...(report.claims === undefined ? [] : [claimsTerminal(report.claims, screen)]),
      ...(report.ladders ?? []).flatMap((ladder) =>
        section(
          ladder.title,
          ladderParagraphs(ladder).flatMap(({ title, table, notes }) => [
            ...(title === '' ? [] : [title]),
            ...tables(table, screen),
            ...notes.flatMap((note) => paragraph(note)),
          ]),
        ),
      ),
      ...(common === '' ? [] : paragraph(common)),
      ...tables(mainTable(report, { value: formatNarrow, precision: 'name' }), screen),
      ...paragraph(READING),
      ...[rulesLine(report) ?? []].flat().flatMap((line) => paragraph(line)),
      ...qualityLines(report).flatMap((line) => paragraph(line)),
      ...precisionLines(report).flatMap((line) => item(line)),
      '',
      ...(report.lengths === undefined
        ? []
        : section(LENGTHS_TITLE, [...paragraph(LENGTHS_READING), ...tables(lengthsTable(report), screen)])),
      ...(report.imported === undefined
        ? []
        : section('Imported', [
            ...paragraph(IMPORTED_READING),
            ...importedItems(report).flatMap(({ text, inner }) => [
              ...item(text),
              ...inner.flatMap((line) => item(line).map((part) => `  ${part}`)),
            ]),
          ])),
      ...(report.dialect === undefined
        ? []
        : section(`In the words of ${report.dialect.peer}`, [
            ...paragraph(dialectIntroduction(report)),
            ...tables(dialectTable(report, { value: formatNarrow, precision: 'name' }), screen),
            ...dialectLines(report).flatMap((line) => item(line)),
          ])),
      ...section(
        'Caveats',
        report.caveats.flatMap(({ severity, text }) =>
          severity === 'note' ? item(text) : item(`${severity}: ${text}`, colours.yellow),
        ),
      ),
      ...section(
        'Failures',
        report.failures.flatMap((failure) => [
          ...item(failureLine(failure), colours.red),
          ...tailLines(failure).map((line) => colours.dim(`    ${line}`)),
        ]),
      ),
      ...section(
        'Dropped',
        report.dropped.flatMap((reason) => item(reasonLine(reason))),
      ),
      ...section(
        'Skipped',
        report.skipped.flatMap((reason) => item(reasonLine(reason))),
      ),
      ...section(
        'Where',
        report.paths.map(({ name, value }) => `${name}: ${value}`),
      ),
    ]
      .join('\n')
      .trimEnd()
      .concat('\n');
  },
};

/** Choices on a screen; studies may have hundreds. */
const CHOICE_ROWS = 24;

type Style = (line: string) => string;

const plain: Style = (line) => line;

const tailLines = ({ stderrTail }: FailureGroup): string[] =>
  (stderrTail ?? '').split('\n').filter((line) => line !== '');
