/** A partial cell, as a study writes it, and whether a cell has what it asks for. */
import type { AxisValue } from './axis.ts';
import type { Cell, OptionValue } from './cell.ts';
import { type AxisKey, valueOnAxis } from './registry.ts';

/** It matches the cells that have, for each of its keys, one of the values. */
export interface CellPattern {
  readonly model?: readonly string[];
  /** Ids or labels of engines. */
  readonly engine?: readonly string[];
  readonly options?: Readonly<Record<string, readonly OptionValue[]>>;
  readonly axes: Readonly<Partial<Record<AxisKey, readonly AxisValue[]>>>;
}

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
    const actual = valueOnAxis(cell, key as AxisKey);
    return (values ?? []).some((value) => meant(key, value) === actual);
  });
}
