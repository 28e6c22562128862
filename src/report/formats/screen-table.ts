/** Tables and paragraphs on a screen of a given width. Nothing is cut off; Japanese text takes two columns a character. */
import Table from 'cli-table3';
import picocolors from 'picocolors';
import type { Screen } from './format.ts';
import type { TextColumn, TextTable } from './text-table.ts';

const ESCAPES: RegExp = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

const BORDERS = /[─│┌┐└┘├┤┬┴┼]+/g;

/** Narrow headers let more columns stand side by side. */
const HEADER_WIDTH = 13;

/** Lines of at most `width` characters, broken between words. */
export function wrap(text: string, width: number): string[] {
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
export function tables({ columns, rowCount }: TextTable, screen: Screen): string[] {
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
