/** Tables for terminals: no frames, columns aligned, numbers to the right. */
import Table from 'cli-table3';
import stringWidth from 'string-width';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const NO_FRAME = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((part) => [part, '']),
);

/** Rows must have as many cells as there are columns; lines end without blanks. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: { ...NO_FRAME, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  drawn.push(...rows.map((row) => [...row]));
  return withoutTrailingBlanks(drawn.toString());
}

/** `name  value` lines, names padded to the widest; a Japanese character is two columns wide. */
export function definitionList(
  entries: readonly (readonly [name: string, value: string])[],
  indent = 2,
): string {
  const width = Math.max(...entries.map(([name]) => stringWidth(name)));
  return entries
    .map(([name, value]) => {
      const blanks = ' '.repeat(width - stringWidth(name));
      return `${' '.repeat(indent)}${name}${blanks}  ${value}`;
    })
    .join('\n');
}

const withoutTrailingBlanks = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
