/** From the parts of a claim to what its test found. */

import type { CellPattern } from '../axes/pattern.ts';
import { listedOnce, once, same, type Words } from '../kernel/language.ts';
import { type Absence, all, type Evidence, OBSTACLES, type Part, type Tested } from './evidence.ts';
import { EVERYTHING, facetsOf } from './kind.ts';
import { absence, isMeasured, type ObservedCell, select, type World } from './observed.ts';
import { restOf } from './series.ts';

/** All `parts` together; not measured where there is none. `missing`: the decisive first. */
export function tested(
  parts: readonly Part[],
  missing: readonly Absence[],
  combine: (evidence: readonly Evidence[]) => Evidence = all,
): Tested {
  const unique = [...new Map(missing.map((one) => [one.name, one])).values()];
  if (parts.length === 0) return { kind: 'not-measured', reason: reasonOf(unique), missing: unique };
  return {
    kind: 'tested',
    evidence: combine(parts.map(({ evidence }) => evidence)),
    effects: parts.map(({ effect }) => effect),
    missing: unique,
  };
}

/** The reasons of the decisive obstacle, which comes first (`byObstacle`), each once. */
export function reasonOf(missing: readonly Absence[]): Words {
  const [first] = missing;
  const decisive = missing.filter(({ obstacle }) => obstacle === first?.obstacle);
  return listedOnce(once(decisive.map(({ reason }) => reason)).slice(0, 3)) ?? NO_SUCH_CELL;
}

/**
 * What is missing, the decisive first. Each group is what one comparison lacks: its hardest obstacle keeps it from being
 * made, and the comparison that is nearest to being made says why there is none.
 */
export function byObstacle(groups: readonly (readonly Absence[])[]): Absence[] {
  const hardness = ({ obstacle }: Absence): number => OBSTACLES.indexOf(obstacle);
  return groups
    .filter((group) => group.length > 0)
    .map((group) => [...group].sort((a, b) => hardness(b) - hardness(a)))
    .sort(([a], [b]) => (a === undefined || b === undefined ? 0 : hardness(a) - hardness(b)))
    .flat();
}

/** The same where each cell stands for itself. */
export const eachByObstacle = (missing: readonly Absence[]): Absence[] =>
  byObstacle(missing.map((one) => [one]));

const NO_SUCH_CELL: Words = {
  en: 'no cell of the study is of this kind',
  ja: 'スタディにこの種のセルがありません',
};

export interface Pair {
  readonly a: ObservedCell;
  readonly b: ObservedCell;
}

/** Each cell of `of` with the cells of `to` that are equal in everything that neither names. */
export function pairs(
  world: World,
  base: CellPattern = EVERYTHING,
  of: CellPattern,
  to: CellPattern,
): Pair[] {
  const facets = facetsOf(of, to);
  const rest = new Map<ObservedCell, string>();
  const restOfCell = (cell: ObservedCell): string => {
    const text = rest.get(cell) ?? restOf(cell, facets);
    rest.set(cell, text);
    return text;
  };
  const others = select(world, base, to);
  return select(world, base, of).flatMap((a) =>
    others.filter((b) => b !== a && restOfCell(a) === restOfCell(b)).map((b) => ({ a, b })),
  );
}

/** What is measured of `groups` of cells, and what is missing of the rest. */
export function measuredOnly<T>(
  groups: readonly T[],
  cellsOf: (group: T) => readonly ObservedCell[],
  metric: string,
): { readonly measured: readonly T[]; readonly missing: readonly Absence[] } {
  const lacking = (group: T): readonly ObservedCell[] =>
    cellsOf(group).filter((cell) => !isMeasured(cell, metric));
  return {
    measured: groups.filter((group) => lacking(group).length === 0),
    missing: byObstacle(groups.map((group) => lacking(group).map((cell) => absence(cell, metric)))),
  };
}

/** `a / b`, naming of each what tells them apart. */
export const pairName = (metric: string, { a, b }: Pair): Words => same(`${metric}, ${a.name} / ${b.name}`);
