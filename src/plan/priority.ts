/** How important a cell is by the patterns of a study's `priority`. */
import { type CellPattern, matches, type NamedCell } from '../axes/pattern.ts';

/** Index of the first pattern that matches: 0 is the most important; cells that match none come last. */
export function priorityOf(cell: NamedCell, priority: readonly CellPattern[], logicalCpus: number): number {
  const index = priority.findIndex((pattern) => matches(pattern, cell, logicalCpus));
  return index === -1 ? priority.length : index;
}
