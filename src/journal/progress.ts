/** What is done and what counts: the questions that resuming and the metrics ask of the index. */
import { marksOf, type RepeatMark, repeatCount, type UnpackedRepeat, unpacked } from './packed-repeats.ts';
import type { JournalState, LaunchCellState, LaunchState, Place } from './state.ts';

/** Text identity of a place, for maps. */
export const placeKey = (place: Place): string =>
  `${place.phase}/${place.round}/${place.block}/${place.position}`;

/**
 * Text identity of a block in its round. A cell stands in one launch of a block: its position may be another one when a run
 * goes on, where an engine became able to serve a cell of the block that it was not able to serve before.
 */
export const blockKey = ({ phase, round, block }: Omit<Place, 'position'>): string =>
  `${phase}/${round}/${block}`;

/**
 * The cells that need nothing more in each block, by `blockKey`: measured there, or failed there (a failure is a result;
 * it isn't tried again in the same block). A launch that ended `complete` or `failed` finishes nothing by itself: a worker
 * that died leaves later cells unserved, and they deserve a launch of their own.
 */
export function finishedByBlock(state: JournalState): ReadonlyMap<string, ReadonlySet<string>> {
  const blocks = new Map<string, Set<string>>();
  for (const launch of state.launches) {
    const key = blockKey(launch.place);
    const finished = blocks.get(key) ?? new Set();
    blocks.set(key, finished);
    for (const cell of launch.cells.values()) if (isFinished(cell)) finished.add(cell.cellKey);
  }
  return blocks;
}

/** The same of one block. */
export const finishedCells = (state: JournalState, place: Place): ReadonlySet<string> =>
  finishedByBlock(state).get(blockKey(place)) ?? new Set();

/** How many launches were begun at `place`: the next one's id can carry this number. */
export function attempts(state: JournalState, place: Place): number {
  const key = placeKey(place);
  return state.launches.filter((launch) => placeKey(launch.place) === key).length;
}

export interface CountedCell {
  readonly launch: LaunchState;
  readonly cell: LaunchCellState;
}

/**
 * The launches whose repeats count for `cellKey`, at most one per block and round: the one that finished the cell, else (nothing
 * finished there) the one with the most repeats. Only cells with repeats are returned.
 */
export function countedLaunches(state: JournalState): ReadonlyMap<string, readonly CountedCell[]> {
  const best = new Map<string, Map<string, CountedCell>>();
  for (const launch of state.launches) {
    for (const cell of launch.cells.values()) {
      if (repeatCount(cell.repeats) === 0) continue;
      const blocks = best.get(cell.cellKey) ?? new Map<string, CountedCell>();
      best.set(cell.cellKey, blocks);
      const key = blockKey(launch.place);
      const known = blocks.get(key);
      if (known === undefined || supersedes(cell, known.cell)) blocks.set(key, { launch, cell });
    }
  }
  return new Map([...best].map(([cellKey, blocks]) => [cellKey, [...blocks.values()]]));
}

const isFinished = (cell: LaunchCellState): boolean =>
  cell.measured !== undefined || cell.failures.length > 0;

/** The first that finished a cell keeps it. */
function supersedes(later: LaunchCellState, earlier: LaunchCellState): boolean {
  if (earlier.measured !== undefined) return false;
  return later.measured !== undefined || repeatCount(later.repeats) > repeatCount(earlier.repeats);
}

/**
 * Which repeats are set aside: the disturbed ones that were measured again without a disturbance. Where no repeat came
 * out undisturbed, all of them count.
 */
export function setAside(marks: readonly RepeatMark[]): readonly boolean[] {
  if (marks.every(({ remeasures }) => remeasures === undefined)) return marks.map(() => false);
  const origin = (mark: RepeatMark, index: number): number => mark.remeasures ?? index;
  const clean = new Set(
    marks.flatMap(({ disturbedBy, remeasures }) =>
      disturbedBy.length === 0 && remeasures !== undefined ? [remeasures] : [],
    ),
  );
  return marks.map((mark, index) => mark.disturbedBy.length > 0 && clean.has(origin(mark, index)));
}

/** The repeats that values are made of, in their order, unpacked one after the other. */
export function* countedRepeats({ repeats }: LaunchCellState): Generator<UnpackedRepeat> {
  const aside = repeats.some(({ marked }) => marked) ? setAside(marksOf(repeats)) : [];
  let index = 0;
  for (const repeat of unpacked(repeats)) {
    if (aside[index] !== true) yield repeat;
    index += 1;
  }
}

/** The state as if no repeat had been marked: every repeat counts. For saying what setting some aside changed. */
export const withoutMarks = (state: JournalState): JournalState => ({
  ...state,
  launches: state.launches.map((launch) => ({
    ...launch,
    cells: new Map(
      [...launch.cells].map(([key, cell]) => [
        key,
        { ...cell, repeats: cell.repeats.map((group) => ({ ...group, marked: false })) },
      ]),
    ),
  })),
});
