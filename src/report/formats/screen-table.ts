/** Tables and paragraphs on a screen of a given width. Nothing is cut off; Japanese text takes two columns a character. */
import Table from 'cli-table3';
import picocolors from 'picocolors';
import stringWidth from 'string-width';
import type { Screen } from './format.ts';
import type { TextColumn, TextTable } from './text-table.ts';

const ESCAPES: RegExp = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

const BORDERS = /[─│┌┐└┘├┤┬┴┼]+/g;

/** Characters of two columns: kana, kanji, full-width forms and marks. */
const WIDE = '\\u3000-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\uff01-\\uff60';

/** Narrow headers let more columns stand side by side. */
const HEADER_WIDTH = 13;

/** Lines of at most `width` columns, broken between words; in Japanese between characters too. */
export function wrap(text: string, width: number): string[] {
  const lines: { text: string; width: number }[] = [];
  for (const { text: part, blank } of parts(text)) {
    const line = lines.at(-1);
    const own = stringWidth(part);
    const before = blank ? 1 : 0;
    if (line !== undefined && line.width + before + own <= width) {
      line.text += `${blank ? ' ' : ''}${part}`;
      line.width += before + own;
    } else lines.push({ text: part, width: own });
  }
  return lines.map((line) => line.text);
}

/** What is not broken: a word, or one wide character with the marks that may not begin or end a line without it. */
const PART = new RegExp(
  `[（「『]*(?:[^${WIDE}]+|[${WIDE}])[、。）」』：；・ー〜ぁぃぅぇぉっゃゅょァィゥェォッャュョ]*`,
  'gu',
);

/** `blank`: whether a blank stands before it. */
const parts = (text: string): { readonly text: string; readonly blank: boolean }[] =>
  text
    .split(' ')
    .flatMap((word) =>
      (word.match(PART) ?? [word]).map((part, index) => ({ text: part, blank: index === 0 })),
    );

/** As many tables as the width needs, each with the labels; a single column that is too wide stays too wide. */
export function tables({ columns, rowCount }: TextTable, screen: Screen): string[] {
  if (rowCount === 0) return [];
  const labels = columns.filter(({ label }) => label);
  const drawn: string[] = [];
  let taken: TextColumn[] = [];
  /** Alone, a column has a border on both sides; beside another one they share it. */
  const inner = new Map(
    columns.map((column) => [column, widthOf(draw([column], rowCount, screen)) - 1] as const),
  );
  const widthOfAll = (all: readonly TextColumn[]): number =>
    all.reduce((width, column) => width + (inner.get(column) ?? 0), 1);
  for (const column of columns.filter(({ label }) => !label)) {
    if (taken.length > 0 && widthOfAll([...labels, ...taken, column]) > screen.width) {
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
