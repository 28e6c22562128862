/** Matches the cells of two sides: a pair is equal in everything but what is compared. */
import { canonicalJson } from '../kernel/canonical.ts';
import type { Words } from '../kernel/language.ts';
import type { ReportCell } from '../report/input.ts';
import { type Selection, selects, sharedPart } from './selection.ts';

export interface CellPair {
  readonly a: ReportCell;
  readonly b: ReportCell;
}

export interface Matching {
  /** In the order of A's cells. */
  readonly pairs: readonly CellPair[];
  /** Cells without a partner of their own, with the reason. */
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut {
  readonly side: 'A' | 'B';
  readonly cell: ReportCell;
  readonly reason: Words;
}

/** What the two selections compare: keys that they do not both hold to the same values. */
export function comparedKeys(a: Selection, b: Selection): ReadonlySet<string> {
  const keys = [...new Set([...a.wanted.keys(), ...b.wanted.keys()])];
  const text = (values: readonly string[] | undefined): string => [...(values ?? [])].sort().join(',');
  return new Set(keys.filter((key) => text(a.wanted.get(key)) !== text(b.wanted.get(key))));
}

/** Pairs the selected cells; a cell is never paired with itself (`sameRun`: both sides are of one run). */
export function matchCells(
  a: { readonly cells: readonly ReportCell[]; readonly selection: Selection },
  b: { readonly cells: readonly ReportCell[]; readonly selection: Selection },
  sameRun: boolean,
): Matching {
  const keys = comparedKeys(a.selection, b.selection);
  const sideA = grouped(a.cells, a.selection, keys);
  const sideB = grouped(b.cells, b.selection, keys);
  const pairs: CellPair[] = [];
  const leftOut: LeftOut[] = [];
  const leave = (side: 'A' | 'B', cells: readonly ReportCell[], reason: Words): void => {
    for (const cell of cells) leftOut.push({ side, cell, reason });
  };
  for (const [shared, cellsA] of sideA) {
    const cellsB = sideB.get(shared) ?? [];
    const [first, second] = [cellsA[0], cellsB[0]];
    if (first === undefined || second === undefined)
      leave('A', cellsA, { en: 'B has no such cell', ja: 'B にそのセルがありません' });
    else if (cellsA.length > 1 || cellsB.length > 1) {
      const reason: Words = {
        en: `ambiguous: ${cellsA.length} in A and ${cellsB.length} in B differ in what is not compared; name one, as in --a key=value`,
        ja: `あいまいです: A の ${cellsA.length} 件と B の ${cellsB.length} 件は、比べない点で異なります。--a key=value のように 1 つに決めてください`,
      };
      leave('A', cellsA, reason);
      leave('B', cellsB, reason);
    } else if (sameRun && first.cellKey === second.cellKey) {
      leave('A', cellsA, { en: 'both sides are this cell', ja: '両側がこのセルです' });
    } else pairs.push({ a: first, b: second });
  }
  for (const [shared, cellsB] of sideB)
    if (!sideA.has(shared)) leave('B', cellsB, { en: 'A has no such cell', ja: 'A にそのセルがありません' });
  return { pairs, leftOut };
}

/** Selected cells by what they must share with their partner. */
function grouped(
  cells: readonly ReportCell[],
  selection: Selection,
  keys: ReadonlySet<string>,
): Map<string, ReportCell[]> {
  const groups = new Map<string, ReportCell[]>();
  for (const cell of cells.filter((one) => selects(selection, one))) {
    const shared = canonicalJson(sharedPart(cell.cell, keys));
    groups.set(shared, [...(groups.get(shared) ?? []), cell]);
  }
  return groups;
}
