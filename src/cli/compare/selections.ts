/** Selections of cells as options of a command, every problem with what was meant. */

import {
  EVERYTHING,
  keysOf,
  parseSelection,
  type Selection,
  selects,
  valuesOf,
} from '../../compare/selection.ts';
import type { Problem } from '../../kernel/errors.ts';
import { same } from '../../kernel/language.ts';
import type { ReportCell } from '../../report/input.ts';
import { nearest } from '../suggest.ts';

/** The selection `text` of `cells`; whatever is wrong with it is added to `problems`. `option` names it there. */
export function readSelection(
  text: string | undefined,
  option: string,
  cells: readonly ReportCell[],
  problems: Problem[],
): Selection {
  if (text === undefined) return EVERYTHING;
  const parsed = parseSelection(text, option);
  if (parsed.kind === 'problems') {
    problems.push(...parsed.problems);
    return EVERYTHING;
  }
  const wrong = [...parsed.selection.wanted].flatMap(([key, values]) =>
    values.flatMap((value) => problemOf(cells, option, key, value)),
  );
  problems.push(...wrong);
  if (wrong.length === 0 && !cells.some((cell) => selects(parsed.selection, cell))) {
    problems.push({
      path: option,
      message: { en: 'no cell of the run has all of these', ja: 'すべてを満たすセルが実行にありません' },
      value: text,
    });
  }
  return parsed.selection;
}

/** A key or a value that no cell of the run has. */
function problemOf(cells: readonly ReportCell[], option: string, key: string, value: string): Problem[] {
  const known = [...new Set(cells.flatMap((cell) => valuesOf(cell, key)))];
  const found = known.some((own) => (key === 'cell' ? own.startsWith(value) : own === value));
  if (found) return [];
  const keys = keysOf(cells);
  const isKey = keys.includes(key);
  const didYouMean = isKey ? nearest(value, known) : nearest(key, keys);
  return [
    {
      path: `${option} ${key}`,
      message: isKey
        ? { en: 'no cell of the run has it', ja: 'この値のセルが実行にありません' }
        : { en: 'is no property of a cell', ja: 'セルの性質ではありません' },
      value: isKey ? value : key,
      allowed: same((isKey ? known : keys).join(', ')),
      ...(didYouMean === undefined ? {} : { didYouMean }),
    },
  ];
}
