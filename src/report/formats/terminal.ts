/**
 * The report on a screen. Colours only where the caller says that they are understood; a table too wide for the
 * screen becomes several, each with the labels; nothing is cut off. Japanese text takes two columns a character, as
 * cli-table3 counts it.
 */
import Table from 'cli-table3';
import picocolors from 'picocolors';
import type { FailureGroup } from '../model.ts';
import { formatNarrow } from '../numbers.ts';
import { CHOICE_TITLE, choiceReading, choiceTable } from './choice-section.ts';
import { claimsTerminal } from './claims-section.ts';
import { dialectIntroduction, dialectLines, dialectTable } from './dialect-section.ts';
import type { Screen, ScreenFormat } from './format.ts';
import { IMPORTED_READING, importedItems } from './imported-section.ts';
import { LENGTHS_READING, LENGTHS_TITLE, lengthsTable } from './lengths-section.ts';
import {
  commonLine,
  failureLine,
  mainTable,
  precisionLines,
  READING,
  reasonLine,
  rulesLine,
  type TextColumn,
  type TextTable,
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
      ...(common === '' ? [] : paragraph(common)),
      ...tables(mainTable(report, { value: formatNarrow, precision: 'name' }), screen),
      ...paragraph(READING),
      ...[rulesLine(report) ?? []].flat().flatMap((line) => paragraph(line)),
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

const ESCAPES: RegExp = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

const BORDERS = /[─│┌┐└┘├┤┬┴┼]+/g;

/** Narrow headers let more columns stand side by side. */
const HEADER_WIDTH = 13;

/** Lines of at most `width` characters, broken between words. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** As many tables as the width needs, each with the labels; a single column that is too wide stays too wide. */
function tables({ columns, rowCount }: TextTable, screen: Screen): string[] {
  if (rowCount === 0) return [];
  const labels = columns.filter(({ label }) => label);
  const drawn: string[] = [];
  let taken: TextColumn[] = [];
  for (const column of columns.filter(({ label }) => !label)) {
    const wider = [...labels, ...taken, column];
    if (taken.length > 0 && widthOf(draw(wider, rowCount, screen)) > screen.width) {
      drawn.push(draw([...labels, ...taken], rowCount, screen));
      taken = [];
    }
    taken.push(column);
  }
  return [...drawn, draw([...labels, ...taken], rowCount, screen)];
}

/** Coloured here and not by cli-table3, whose colours follow the environment instead of the screen that is asked for. */
function draw(columns: readonly TextColumn[], rowCount: number, { colour }: Screen): string {
  const colours = picocolors.createColors(colour);
  const table = new Table({
    head: columns.map(({ title }) => wrap(title, HEADER_WIDTH).map(colours.bold).join('\n')),
    colAligns: columns.map(({ numeric }) => (numeric ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (let row = 0; row < rowCount; row += 1) table.push(columns.map(({ texts }) => texts[row] ?? ''));
  return table.toString().replace(BORDERS, colours.dim);
}

/** The top border is as wide as every other line, and has one column per character. */
function widthOf(drawn: string): number {
  const [border = ''] = drawn.split('\n');
  return [...border.replace(ESCAPES, '')].length;
}
