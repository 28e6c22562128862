/** The one cell that a reader names: by the beginning of its key, or by a selection that fits nothing else. */

import { selects } from '../../compare/selection.ts';
import { type Problem, ProblemsError } from '../../kernel/errors.ts';
import { same } from '../../kernel/language.ts';
import type { ReportCell } from '../../report/input.ts';
import { labelling } from '../../report/labels.ts';
import { readSelection } from './selections.ts';

/** More candidates than this are counted, not listed. */
const SHOWN = 12;

/** @throws ProblemsError (of `command`) where no cell or more than one is meant; `argument` names it there */
export function selectOne(
  cells: readonly ReportCell[],
  which: string,
  argument: string,
  command: string,
): ReportCell {
  const problems: Problem[] = [];
  const text = which.includes('=') ? which : `cell=${which}`;
  const selection = readSelection(text, argument, cells, problems);
  const found = problems.length > 0 ? [] : cells.filter((cell) => selects(selection, cell));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const { full } = labelling(cells);
  const candidates = (found.length > 1 ? found : cells).map((cell) => `${cell.cellKey} (${full(cell)})`);
  const shown = candidates.slice(0, SHOWN).join('; ');
  const more = candidates.length - SHOWN;
  throw new ProblemsError(command, [
    ...problems.filter(({ path }) => path !== `${argument} cell`),
    {
      path: argument,
      message:
        found.length > 1
          ? { en: `means ${found.length} cells`, ja: `${found.length} 個のセルに当たります` }
          : { en: 'means no cell', ja: '当たるセルがありません' },
      value: which,
      allowed: more > 0 ? { en: `${shown}; and ${more} more`, ja: `${shown}、他 ${more} 件` } : same(shown),
    },
  ]);
}
