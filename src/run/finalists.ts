/**
 * Who is measured again: the fastest configuration and its rival, among outputs equal to fp32 and at any precision, at
 * the smallest and the largest batch of each model. The fastest of many is partly the luckiest of many; the answer's
 * figures come from fresh launches that had no part in choosing it.
 */
import { contentHash } from '../kernel/canonical.ts';
import { precisionKind } from '../models/precision.ts';
import type { PlannedCell } from '../plan/plan.ts';

/**
 * A rival below this share of the winner's throughput is not measured again: luck does not make up for half, and a slow
 * rival takes the time that fresh blocks of the others need. Its ratio then comes from the rounds.
 */
const CONTENDER_SHARE = 0.5;

/** The contest that a cell takes part in: cells that differ in engine, options and precision alone are rivals. */
export function contest({ cell }: PlannedCell): string {
  const {
    engine: _engine,
    engineVersion: _version,
    options: _options,
    precision: _precision,
    ...rest
  } = cell;
  return contentHash(rest);
}

/**
 * The finalists' cell keys.
 * @param throughput mean tokens/s over launches, by cell key; cells without one take no part
 * @param different fp32 cells whose tokens differed from the reference: they compete at any precision only
 */
export function finalists(
  cells: readonly PlannedCell[],
  throughput: ReadonlyMap<string, number>,
  different: ReadonlySet<string>,
): ReadonlySet<string> {
  const contests = new Map<string, PlannedCell[]>();
  for (const cell of cells.filter(({ cellKey }) => throughput.has(cellKey))) {
    const key = contest(cell);
    contests.set(key, [...(contests.get(key) ?? []), cell]);
  }
  const chosen = new Set<string>();
  for (const rivals of endsOfBatch([...contests.values()])) {
    for (const group of [
      rivals.filter((c) => precisionKind(c.cell.precision).lossless && !different.has(c.cellKey)),
      rivals,
    ]) {
      const ranked = [...group].sort(
        (a, b) => (throughput.get(b.cellKey) ?? 0) - (throughput.get(a.cellKey) ?? 0),
      );
      const [best, second] = ranked;
      if (best === undefined || second === undefined) continue;
      chosen.add(best.cellKey);
      const share = (throughput.get(second.cellKey) ?? 0) / (throughput.get(best.cellKey) ?? 0);
      if (share >= CONTENDER_SHARE) chosen.add(second.cellKey);
    }
  }
  return chosen;
}

/** Of contests that differ in batch alone, those with the smallest and the largest. */
function endsOfBatch(contests: readonly (readonly PlannedCell[])[]): readonly (readonly PlannedCell[])[] {
  const families = new Map<string, (readonly PlannedCell[])[]>();
  for (const rivals of contests) {
    const first = rivals[0];
    if (first === undefined) continue;
    const { batch: _batch, slots: _slots, ...rest } = first.cell;
    const {
      engine: _engine,
      engineVersion: _version,
      options: _options,
      precision: _precision,
      ...family
    } = rest;
    const key = contentHash(family);
    families.set(key, [...(families.get(key) ?? []), rivals]);
  }
  const batchOf = (rivals: readonly PlannedCell[]): number => rivals[0]?.cell.batch ?? 0;
  return [...families.values()].flatMap((family) => {
    const ordered = [...family].sort((a, b) => batchOf(a) - batchOf(b));
    return [ordered[0], ordered.at(-1)].filter(
      (rivals, i, all) => rivals !== undefined && all.indexOf(rivals) === i,
    ) as (readonly PlannedCell[])[];
  });
}
