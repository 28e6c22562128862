/** Names of pairs: what tells one from the others, without what is compared; what all share is listed once. */
import { same } from '../kernel/language.ts';
import type { ReportCell } from '../report/input.ts';
import { labelling } from '../report/labels.ts';
import type { LabelFact } from '../report/model.ts';
import type { CellPair } from './pairs.ts';

export interface PairNames {
  readonly common: readonly LabelFact[];
  /** In English, as names of cells are. */
  readonly labelOf: (pair: CellPair) => string;
}

/** Words that say what they are without their title. */
const PLAIN: ReadonlySet<string> = new Set(['engine', 'precision', 'options', 'model']);

/** The names of `pairs`: properties that vary over both sides of them, and are equal within each. */
export function pairNames(pairs: readonly CellPair[]): PairNames {
  const cells = pairs.flatMap(({ a, b }) => [a, b]);
  const { columns, common, texts } = labelling(cells);
  const textOf = (cell: ReportCell, id: string): string =>
    texts(cell, same(cell.cell.precision))[id]?.en ?? '';
  const equal = columns.filter(({ id }) => pairs.every(({ a, b }) => textOf(a, id) === textOf(b, id)));
  const isConstant = (id: string): boolean => new Set(cells.map((cell) => textOf(cell, id))).size === 1;
  const varying = equal.filter(({ id }) => !isConstant(id));
  const shared = equal
    .filter(({ id }) => isConstant(id))
    .map(
      ({ id, title }): LabelFact => ({
        name: title,
        value: cells[0] === undefined ? '' : textOf(cells[0], id),
      }),
    );
  return {
    common: [...shared.filter(({ value }) => value !== ''), ...common],
    labelOf: ({ a, b }) => {
      const words = varying.map(({ id, title }) =>
        PLAIN.has(id) ? textOf(a, id) : `${title.en} ${textOf(a, id)}`,
      );
      if (words.length > 0) return words.join(', ');
      return (
        columns
          .filter(({ id }) => textOf(a, id) !== textOf(b, id))
          .map(
            ({ id, title }) =>
              `${PLAIN.has(id) ? '' : `${title.en} `}${textOf(a, id) || 'none'} to ${textOf(b, id) || 'none'}`,
          )
          .join(', ') || 'the cell'
      );
    },
  };
}
