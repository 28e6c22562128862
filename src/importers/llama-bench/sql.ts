/**
 * The INSERT statements of `llama-bench -o sql`: a list of columns and as many values, each in single quotes, which are
 * not escaped inside. So a value ends at a quote that a comma or the closing bracket follows. Not SQL in general.
 */
import type { Words } from '../../kernel/language.ts';

const INSERT = /INSERT INTO (?:llama_bench|test) \(([^)]*)\) VALUES \((.*)\);\s*$/;

export type SqlRow =
  | { readonly kind: 'row'; readonly line: number; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'problem'; readonly line: number; readonly message: Words };

/** One entry per INSERT statement, in order; `line` counts from 1. */
export function insertedRows(text: string): SqlRow[] {
  return text.split('\n').flatMap((line, i): SqlRow[] => {
    if (!line.trimStart().startsWith('INSERT INTO')) return [];
    const [, columns, values] = INSERT.exec(line) ?? [];
    if (columns === undefined || values === undefined) {
      return [
        {
          kind: 'problem',
          line: i + 1,
          message: {
            en: 'not an INSERT statement as llama-bench writes it',
            ja: 'llama-bench が書く INSERT 文ではありません',
          },
        },
      ];
    }
    const names = columns.split(',').map((name) => name.trim());
    const texts = values
      .replace(/^\s*'/, '')
      .replace(/'\s*$/, '')
      .split(/'\s*,\s*'/);
    if (names.length !== texts.length) {
      return [
        {
          kind: 'problem',
          line: i + 1,
          message: {
            en: `${names.length} columns, ${texts.length} values`,
            ja: `列 ${names.length} 個に対して値 ${texts.length} 個です`,
          },
        },
      ];
    }
    return [
      {
        kind: 'row',
        line: i + 1,
        fields: Object.fromEntries(names.map((name, at) => [name, texts[at] ?? ''])),
      },
    ];
  });
}
