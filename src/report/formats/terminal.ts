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
import { dialectIntroduction, dialectLines, dialectTable, dialectTitle } from './dialect-section.ts';
import type { ScreenFormat } from './format.ts';
import { IMPORTED_READING, importedItems } from './imported-section.ts';
import { ladderParagraphs } from './ladder-section.ts';
import { LENGTHS_READING, LENGTHS_TITLE, lengthsTable } from './lengths-section.ts';
import { qualityLines } from './quality-columns.ts';
import { tables, wrap } from './screen-table.ts';
import {
  caveatLine,
  commonLine,
  failureLine,
  mainTable,
  precisionLines,
  READING,
  REASON_CELLS,
  reasonLine,
  rulesLine,
  TITLES,
} from './sections.ts';

export const terminal: ScreenFormat = {
  kind: 'screen',
  id: 'terminal',
  summary: 'the report on the screen',
  render: (report, screen, say) => {
    const colours = picocolors.createColors(screen.colour);
    const paragraph = (text: string, style: Style = plain): string[] =>
      wrap(text, screen.width).map((line) => style(line));
    const item = (text: string, style: Style = plain): string[] =>
      wrap(text, screen.width - 2).map((line, index) => style(`${index === 0 ? '- ' : '  '}${line}`));
    const section = (title: string, lines: readonly string[]): string[] =>
      lines.length === 0 ? [] : [colours.bold(title), ...lines, ''];
    const common = commonLine(report, say);
    return [
      colours.bold(report.title),
      '',
      ...report.answer.sentences.flatMap((sentence) => [...paragraph(say(sentence), colours.green), '']),
      ...(report.choice === undefined
        ? []
        : section(say(CHOICE_TITLE), [
            ...tables(choiceTable(report, report.choice, CHOICE_ROWS, say), screen),
            ...paragraph(choiceReading(report.choice, CHOICE_ROWS, say)),
          ])),
      ...(report.claims === undefined ? [] : [claimsTerminal(report.claims, screen, say)]),
      ...(report.ladders ?? []).flatMap((ladder) =>
        section(
          ladder.title,
          ladderParagraphs(ladder, say).flatMap(({ title, table, notes }) => [
            ...(title === '' ? [] : [title]),
            ...tables(table, screen),
            ...notes.flatMap((note) => paragraph(note)),
          ]),
        ),
      ),
      ...(common === '' ? [] : paragraph(common)),
      ...tables(mainTable(report, { value: formatNarrow, precision: 'name' }, say), screen),
      ...paragraph(say(READING)),
      ...[rulesLine(report, say) ?? []].flat().flatMap((line) => paragraph(line)),
      ...qualityLines(report, say).flatMap((line) => paragraph(line)),
      ...precisionLines(report, say).flatMap((line) => item(line)),
      '',
      ...(report.lengths === undefined
        ? []
        : section(say(LENGTHS_TITLE), [
            ...paragraph(say(LENGTHS_READING)),
            ...tables(lengthsTable(report, say), screen),
          ])),
      ...(report.imported === undefined
        ? []
        : section(say(TITLES.imported), [
            ...paragraph(say(IMPORTED_READING)),
            ...importedItems(report, say).flatMap(({ text, inner }) => [
              ...item(text),
              ...inner.flatMap((line) => item(line).map((part) => `  ${part}`)),
            ]),
          ])),
      ...(report.dialect === undefined
        ? []
        : section(dialectTitle(report.dialect, say), [
            ...paragraph(dialectIntroduction(report, say)),
            ...tables(dialectTable(report, { value: formatNarrow, precision: 'name' }, say), screen),
            ...dialectLines(report, say).flatMap((line) => item(line)),
          ])),
      ...section(
        say(TITLES.caveats),
        report.caveats.flatMap((caveat) =>
          item(caveatLine(caveat, say), caveat.severity === 'note' ? plain : colours.yellow),
        ),
      ),
      ...section(
        say(TITLES.failures),
        report.failures.flatMap((failure) => [
          ...item(failureLine(failure, say), colours.red),
          ...tailLines(failure).map((line) => colours.dim(`    ${line}`)),
        ]),
      ),
      ...section(
        say(TITLES.dropped),
        report.dropped.map(reasonLine(say, REASON_CELLS)).flatMap((line) => item(line)),
      ),
      ...section(
        say(TITLES.skipped),
        report.skipped.map(reasonLine(say, REASON_CELLS)).flatMap((line) => item(line)),
      ),
      ...section(
        say({ en: 'Where', ja: '場所' }),
        report.paths.map(({ name, value }) => `${say(name)}: ${say(value)}`),
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
