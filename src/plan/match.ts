/** Whether a cell has what a partial cell of the study asks for. */
import type { AxisValue } from '../axes/axis.ts';
import type { Cell } from '../axes/cell.ts';
import { type AxisKey, axisOf } from '../axes/registry.ts';
import type { CellPattern } from '../study/study.ts';

/** A cell as the study names it. */
export interface NamedCell {
  readonly cell: Cell;
  /** Name of the engine in the study: its label, or its id. */
  readonly label: string;
}

/**
 * True where, for each key of `pattern`, the cell has one of the values. An empty pattern matches every cell.
 * `threads: all` means `logicalCpus`, `slots: batch` the cell's own batch.
 */
export function matches(pattern: CellPattern, { cell, label }: NamedCell, logicalCpus: number): boolean {
  const { model, engine, options = {}, axes } = pattern;
  if (model !== undefined && !model.includes(cell.model)) return false;
  if (engine !== undefined && !engine.includes(cell.engine) && !engine.includes(label)) return false;
  for (const [key, values] of Object.entries(options)) {
    const value = cell.options[key];
    if (value === undefined || !values.includes(value)) return false;
  }
  const meant = (key: string, value: AxisValue): AxisValue => {
    if (key === 'threads' && value === 'all') return logicalCpus;
    return key === 'slots' && value === 'batch' ? cell.batch : value;
  };
  return Object.entries(axes).every(([key, values]) => {
    const actual = cell[axisOf(key as AxisKey).field];
    return (values ?? []).some((value) => meant(key, value) === actual);
  });
}

/** Index of the first pattern that matches: 0 is the most important; cells that match none come last. */
export function priorityOf(cell: NamedCell, priority: readonly CellPattern[], logicalCpus: number): number {
  const index = priority.findIndex((pattern) => matches(pattern, cell, logicalCpus));
  return index === -1 ? priority.length : index;
}
