/** The verdicts as a table: for Markdown and for the screen. */
import Table from 'cli-table3';
import { markdownTable } from 'markdown-table';
import picocolors from 'picocolors';
import type { Say, Words } from '../../kernel/language.ts';
import type { Verdict } from '../../verdicts/judge.ts';
import type { ClaimsSection } from '../claims.ts';
import { findingText, methodText, outcomeText } from '../verdict-text.ts';
import type { Screen } from './format.ts';
import { escapeText } from './markup.ts';
import { wrap } from './screen-table.ts';

const HEADER = [
  { en: 'claim', ja: '主張' },
  { en: 'what it says', ja: '内容' },
  { en: 'verdict', ja: '判定' },
  { en: 'found', ja: '結果' },
] as const;

const TITLE: Words = { en: 'Claims', ja: '主張' };

/** Heading, table and method, as paragraphs of Markdown. */
export const claimsMarkdown = (section: ClaimsSection, say: Say): string[] => [
  `## ${say(TITLE)}`,
  markdownTable(
    [HEADER.map(say), ...section.verdicts.map((verdict) => cellsOf(verdict, say).map(escapeText))],
    {
      alignDelimiters: false,
      padding: true,
    },
  ),
  escapeText(say(methodText(section))),
];

/** Title, table and method for a screen; texts are broken to its width. */
export function claimsTerminal(section: ClaimsSection, screen: Screen, say: Say): string {
  const colours = picocolors.createColors(screen.colour);
  const ids = Math.max(...section.verdicts.map(({ id }) => id.length), 5);
  const verdict = 18;
  const rest = Math.max(40, screen.width - ids - verdict - 13);
  const statement = Math.floor(rest * 0.4);
  const widths = [ids, statement, verdict, rest - statement];
  const table = new Table({
    head: HEADER.map((title) => colours.bold(say(title))),
    colWidths: widths.map((width) => width + 2),
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const one of section.verdicts) {
    // Broken here, because cli-table3 breaks between words alone.
    table.push(cellsOf(one, say).map((text, column) => wrap(text, widths[column] ?? rest).join('\n')));
  }
  return `${colours.bold(say(TITLE))}\n${table.toString()}\n${say(methodText(section))}\n`;
}

const cellsOf = (verdict: Verdict, say: Say): string[] => [
  verdict.id,
  `${verdict.statement}${verdict.role === 'explanation' ? say({ en: ' (explanation)', ja: '（説明）' }) : ''}${verdict.note === undefined ? '' : ` [${verdict.note}]`}`,
  say(outcomeText(verdict)),
  findingText(verdict, say),
];
