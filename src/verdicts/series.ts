/** Series: cells that are equal in everything but one axis, in the order of its values. */
import { type AxisKey, axisOf, valueOnAxis } from '../axes/registry.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import type { ObservedCell } from './observed.ts';
import type { WeightedCell } from './quantity.ts';

/** Fields of a cell that may vary beside the axes. */
export type Facet = AxisKey | 'model' | 'engine' | 'options';

/** What a cell is apart from `facets`. Slots follow the batch with static batching; hashes follow the model. */
export function restOf({ cell, label }: ObservedCell, facets: ReadonlySet<Facet>): string {
  const rest: Record<string, unknown> = { ...cell, label };
  for (const facet of facets) for (const field of fieldsOf(facet)) delete rest[field];
  if (cell.batching === 'static') delete rest['slots'];
  return canonicalJson(rest);
}

/** Facets that stand for several fields: options are an engine's own, hashes follow the model, threads the device. */
const SEVERAL: Readonly<Partial<Record<Facet, readonly string[]>>> = {
  model: ['model', 'modelHash'],
  engine: ['engine', 'engineVersion', 'options', 'label'],
  options: ['options', 'label'],
  batching: ['batching', 'slots'],
  device: ['device', 'threads'],
  // A greedy cell has none of the others.
  temperature: ['temperature', 'topK', 'topP', 'samplingSeed'],
};

const fieldsOf = (facet: Facet): readonly string[] => SEVERAL[facet] ?? [axisOf(facet as AxisKey).field];

/** Cells by what they are apart from `facets`, in order of appearance. */
export function groupBy(cells: readonly ObservedCell[], facets: ReadonlySet<Facet>): ObservedCell[][] {
  const groups = new Map<string, ObservedCell[]>();
  for (const cell of cells) {
    const key = restOf(cell, facets);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return [...groups.values()];
}

/** Position of a cell on an axis: its number. */
export const positionOf = ({ cell }: ObservedCell, axis: AxisKey): number => Number(valueOnAxis(cell, axis));

/** Series along `axis`, each sorted by position. */
export const seriesOf = (cells: readonly ObservedCell[], axis: AxisKey): ObservedCell[][] =>
  groupBy(cells, new Set([axis])).map((series) =>
    [...series].sort((a, b) => positionOf(a, axis) - positionOf(b, axis)),
  );

/**
 * The least-squares line of the logarithm of a metric over the logarithm of the position, as weights of a contrast: its
 * rise from the first to the last position. `series` has at least two positions above 0.
 */
export function fittedRise(series: readonly ObservedCell[], axis: AxisKey, metric: string): WeightedCell[] {
  const positions = series.map((cell) => Math.log(positionOf(cell, axis)));
  const centre = positions.reduce((sum, x) => sum + x, 0) / positions.length;
  const spread = positions.reduce((sum, x) => sum + (x - centre) ** 2, 0);
  const range = (positions.at(-1) ?? 0) - (positions[0] ?? 0);
  return series.map((cell, index) => ({
    cell,
    metric,
    weight: (range * ((positions[index] ?? 0) - centre)) / spread,
  }));
}
