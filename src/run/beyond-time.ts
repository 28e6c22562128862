/**
 * What of a study is beyond the time of an invocation. The cells of a block that has launches are owed their minimum of
 * rounds before a new block is begun: what was measured gets its intervals and the other side of its comparisons, and then
 * the next in importance follow. Before anything of a block was measured there are only rules of thumb: of the most
 * important cells it is asked for one round, and of others for one beside the whole minimum of all that are more important.
 */
import { finishedByPlace, placeKey } from '../journal/progress.ts';
import type { JournalState } from '../journal/state.ts';
import type { Plan } from '../plan/plan.ts';

/** What a cell lacks of the study's minimum of rounds, seen before `round` begins. */
export interface RoundsMissing {
  /** Those that it is owed now. */
  readonly now: (cellKey: string, round: number) => number;
  /** All of them. */
  readonly inAll: (cellKey: string, round: number) => number;
}

/**
 * @param before the journal when the invocation began: rounds below the one asked about count as made
 * @param minimum rounds that the study wants of every cell
 */
export function roundsMissing(plan: Plan, before: JournalState, minimum: number): RoundsMissing {
  const finished = finishedByPlace(before);
  const begunBlocks = new Set(
    before.launches
      .filter(({ place, cells }) => place.phase === 'explore' && cells.size > 0)
      .map(({ place }) => place.block),
  );
  const begun = new Set<string>();
  const launches = new Map(plan.launches.map((launch) => [launch.key, launch]));
  const lacking = new Map<string, readonly boolean[]>();
  for (const { block, launches: keys } of plan.blocks) {
    for (const [position, key] of keys.entries()) {
      for (const { cellKey } of launches.get(key)?.cells ?? []) {
        const rounds = Array.from({ length: minimum }, (_, round) => {
          const place = placeKey({ phase: 'explore', round, block, position });
          return finished.get(place)?.has(cellKey) !== true;
        });
        lacking.set(cellKey, rounds);
        if (begunBlocks.has(block)) begun.add(cellKey);
      }
    }
  }
  const inAll = (cellKey: string, round: number): number =>
    (lacking.get(cellKey) ?? []).slice(round).filter((lacks) => lacks).length;
  return {
    inAll,
    now: (cellKey, round) => {
      const missing = inAll(cellKey, round);
      return round === 0 && !begun.has(cellKey) ? Math.min(1, missing) : missing;
    },
  };
}
