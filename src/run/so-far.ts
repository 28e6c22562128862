/** What a run has measured of its cells before a round, by its journal: what looks and the choice of repeats are made from. */
import { countedLaunches, countedRepeats } from '../journal/progress.ts';
import type { JournalState, LaunchCellState, LaunchState } from '../journal/state.ts';
import { presentValue } from '../kernel/maybe.ts';
import { conversion_ns } from '../protocol/conversion.ts';
import type { TimedLaunch } from '../schedule/repeats.ts';
import { mean, sum } from '../stats/moments.ts';
import { journalThroughput } from './throughput-of.ts';

/** One launch of a cell with the round that it belongs to. */
export interface LaunchOfRound extends TimedLaunch {
  readonly round: number;
}

/** What the repeats of one launch gave one cell, in their order; the same unit for all cells that are compared. */
export type ValuesOf = (launch: LaunchState, cell: LaunchCellState) => readonly number[];

/** Tokens/s. */
const throughputs: ValuesOf = (_, cell) =>
  [...countedRepeats(cell)].flatMap(({ sample }) => journalThroughput(sample) ?? []);

/**
 * Launches of the ordinary rounds before `round`, by cell key, none without values. `valuesOf`: throughput unless a run
 * compares by something else; values that are not positive have no logarithm and are left out.
 */
export function launchesBefore(
  state: JournalState,
  round: number,
  valuesOf: ValuesOf = throughputs,
): ReadonlyMap<string, readonly LaunchOfRound[]> {
  return new Map(
    [...countedLaunches(state)].map(([cellKey, counted]) => [
      cellKey,
      counted
        .filter(({ launch: { place } }) => place.phase === 'explore' && place.round < round)
        .map(({ launch, cell }) => launchOfRound(launch, cell, valuesOf))
        .filter(({ values }) => values.length > 0),
    ]),
  );
}

function launchOfRound(launch: LaunchState, cell: LaunchCellState, valuesOf: ValuesOf): LaunchOfRound {
  const { place } = launch;
  const durations_ns = Array.from(
    countedRepeats(cell),
    ({ sample: { call } }) => call.end_ns - call.start_ns,
  );
  return {
    round: place.round,
    block: `${place.round}/${place.block}`,
    values: valuesOf(launch, cell).filter((value) => value > 0),
    launch_ms: beforeFirstRepeat_ns(launch, cell) / 1e6,
    repeat_ms: (presentValue(mean(durations_ns)) ?? 0) / 1e6,
  };
}

/** The cell's share of start and load, without what only the first launch converts, and its warm-up. */
function beforeFirstRepeat_ns({ started, loaded, cells }: LaunchState, { warmUp }: LaunchCellState): number {
  const warming_ns = sum(warmUp?.durations_ns ?? []);
  if (loaded === undefined) return warming_ns;
  const loading_ns = Number(BigInt(loaded.loaded_ns) - BigInt(started.requested_ns)) - conversion_ns(loaded);
  return loading_ns / Math.max(1, cells.size) + warming_ns;
}
