/** The verdicts as a table: for Markdown and for the screen. */
import Table from 'cli-table3';
import { markdownTable } from 'markdown-table';
import picocolors from 'picocolors';
import type { Verdict } from '../../verdicts/judge.ts';
import type { ClaimsSection } from '../claims.ts';
import { findingText, methodText, outcomeText } from '../verdict-text.ts';
import type { Screen } from './format.ts';
import { escapeText } from './markup.ts';

const HEADER = ['claim', 'what it says', 'verdict', 'found'] as const;

/** Heading, table and method, as paragraphs of Markdown. */
export const claimsMarkdown = (section: ClaimsSection): string[] => [
  '## Claims',
  markdownTable([[...HEADER], ...section.verdicts.map((verdict) => cellsOf(verdict).map(escapeText))], {
    alignDelimiters: false,
    padding: true,
  }),
  escapeText(methodText(section)),
];

/** Title, table and method for a screen; texts are broken to its width. */
export function claimsTerminal(section: ClaimsSection, screen: Screen): string {
  const colours = picocolors.createColors(screen.colour);
  const ids = Math.max(...section.verdicts.map(({ id }) => id.length), 5);
  const verdict = 18;
  const rest = Math.max(40, screen.width - ids - verdict - 13);
  const statement = Math.floor(rest * 0.4);
  const table = new Table({
    head: HEADER.map((title) => colours.bold(title)),
    colWidths: [ids + 2, statement + 2, verdict + 2, rest - statement + 2],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const one of section.verdicts) table.push(cellsOf(one));
  return `${colours.bold('Claims')}\n${table.toString()}\n${methodText(section)}\n`;
}

const cellsOf = (verdict: Verdict): string[] => [
  verdict.id,
  `${verdict.statement}${verdict.role === 'explanation' ? ' (explanation)' : ''}${verdict.note === undefined ? '' : ` [${verdict.note}]`}`,
  outcomeText(verdict),
  findingText(verdict),
];
