/** Lines along an axis: the cells of a series that were measured, and the rise of the line through them. */
import type { AxisKey } from '../axes/registry.ts';
import { same, type Words } from '../kernel/language.ts';
import type { Bounds } from './claim.ts';
import type { Absence, Part } from './evidence.ts';
import { absence, isMeasured, type ObservedCell } from './observed.ts';
import { eachByObstacle } from './parts.ts';
import { ratioPart } from './quantity.ts';
import { fittedRise, positionOf, seriesOf } from './series.ts';
import type { SpreadModel } from './spread.ts';

/** The measured cells of each series, two or more, in the order of the axis. */
export function linesOf(
  cells: readonly ObservedCell[],
  along: AxisKey,
  metric: string,
): { readonly lines: readonly (readonly ObservedCell[])[]; readonly missing: readonly Absence[] } {
  const lines: ObservedCell[][] = [];
  const missing: Absence[] = [];
  for (const series of seriesOf(cells, along)) {
    // Series of one cell belong to other parts of the study.
    if (series.length < 2) continue;
    const measured = series.filter((cell) => isMeasured(cell, metric));
    if (measured.length >= 2) lines.push(measured);
    missing.push(...series.filter((cell) => !measured.includes(cell)).map((cell) => absence(cell, metric)));
  }
  return { lines, missing: eachByObstacle(missing) };
}

/** The rise of the fitted line over the whole series against `bounds`. */
export const risePart = (
  line: readonly ObservedCell[],
  along: AxisKey,
  metric: string,
  bounds: Bounds,
  spread: SpreadModel,
): Part => ratioPart(lineName(line, along, metric), fittedRise(line, along, metric), bounds, spread);

/** `throughput along inputTokens 16..1024, transformers fp32 ...` */
export function lineName(line: readonly ObservedCell[], along: AxisKey, metric: string): Words {
  const [first] = line;
  const last = line.at(-1);
  if (first === undefined || last === undefined) return same(metric);
  const ends = `${positionOf(first, along)}..${positionOf(last, along)}`;
  return {
    en: `${metric} along ${along} ${ends}, ${first.name}`,
    ja: `${along} ${ends} に沿った ${metric}、${first.name}`,
  };
}
