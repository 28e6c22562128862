/** Tables for terminals: no frames, columns aligned, numbers to the right. */
import stringWidth from 'string-width';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const GAP = '  ';

/**
 * Rows must have as many cells as there are columns; lines end without blanks. Drawn here: cli-table3 takes seconds for the
 * thousands of rows of a large plan.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows]
    .flatMap(linesOf)
    .map((texts) => texts.map((text) => ({ text, width: stringWidth(text) })));
  const widths = columns.map((_, index) =>
    lines.reduce((widest, cells) => Math.max(widest, cells[index]?.width ?? 0), 0),
  );
  const placed = (
    { text, width }: { readonly text: string; readonly width: number },
    index: number,
  ): string => {
    const blanks = ' '.repeat((widths[index] ?? width) - width);
    return columns[index]?.align === 'right' ? `${blanks}${text}` : `${text}${blanks}`;
  };
  return lines.map((cells) => cells.map(placed).join(GAP).trimEnd()).join('\n');
}

/** A row as lines: a text of several lines stands below its beginning. */
function linesOf(row: readonly string[]): string[][] {
  const parts = row.map((text) => text.split('\n'));
  const height = Math.max(...parts.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) => parts.map((texts) => texts[line] ?? ''));
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
