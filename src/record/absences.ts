/** What was not measured, in few lines: reasons that differ in their figures only stand together. */
import { inEvery } from '../kernel/language.ts';
import type { NamedReason, Report } from '../report/model.ts';

export interface Absence {
  readonly reason: string;
  readonly cells: number;
}

/** Failures, dropped cells and skipped cells, each group with the most cells first. */
export const absences = ({ failures, dropped, skipped }: Report): Absence[] =>
  [
    failures.map(
      ({ cause, message, cells }): NamedReason => ({
        reason: inEvery((say) => `${cause}: ${say(message)}`),
        cells,
      }),
    ),
    dropped,
    skipped,
  ].flatMap(grouped);

/** The reason without its figures, which differ from cell to cell. */
export const withoutFigures = (reason: string): string =>
  reason.replaceAll(/\d[\d.,]*/g, '…').replaceAll(/…( ?[kMGT]?B\b)?/g, '…');

function grouped(reasons: readonly NamedReason[]): Absence[] {
  const groups = new Map<string, NamedReason[]>();
  for (const one of reasons) {
    const key = withoutFigures(one.reason.en);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups]
    .map(([key, group]) => ({
      reason: group.length === 1 ? (group[0]?.reason.en ?? key) : key,
      cells: group.reduce((sum, { cells }) => sum + cells.length, 0),
    }))
    .sort((a, b) => b.cells - a.cells);
}
