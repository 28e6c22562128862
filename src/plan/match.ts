/** Whether a cell has what a partial cell of the study asks for. */
import type { AxisValue } from '../axes/axis.ts';
import type { Cell } from '../axes/cell.ts';
import { type AxisKey, axisOf } from '../axes/registry.ts';
import type { CellPattern } from '../study/study.ts';

/** True where, for each key of `pattern`, the cell has one of the values. An empty pattern matches every cell. */
export function matches(pattern: CellPattern, cell: Cell): boolean {
  if (pattern.model !== undefined && !pattern.model.includes(cell.model)) return false;
  if (pattern.engine !== undefined && !pattern.engine.includes(cell.engine)) return false;
  for (const [key, values] of Object.entries(pattern.options ?? {})) {
    const value = cell.options[key];
    if (value === undefined || !values.includes(value)) return false;
  }
  return Object.entries(pattern.axes).every(([key, values]) =>
    (values ?? []).includes(cell[axisOf(key as AxisKey).field] as AxisValue),
  );
}

/** Index of the first pattern that matches: 0 is the most important; cells that match none come last. */
export function rankOf(cell: Cell, priority: readonly CellPattern[]): number {
  const index = priority.findIndex((pattern) => matches(pattern, cell));
  return index === -1 ? priority.length : index;
}
