/** What a run has measured of its cells before a round, by its journal: what looks and the choice of repeats are made from. */
import { countedLaunches, countedRepeats } from '../journal/progress.ts';
import type { JournalState, LaunchCellState, LaunchState } from '../journal/state.ts';
import { presentValue } from '../kernel/maybe.ts';
import { conversion_ns } from '../protocol/conversion.ts';
import type { TimedLaunch } from '../schedule/repeats.ts';
import { mean, sum } from '../stats/moments.ts';
import { journalThroughput } from './throughput-of.ts';

/** One launch of a cell with the round that it belongs to; values are tokens/s. */
export interface LaunchOfRound extends TimedLaunch {
  readonly round: number;
}

/** Launches of the ordinary rounds before `round`, by cell key, none without values. */
export function launchesBefore(
  state: JournalState,
  round: number,
): ReadonlyMap<string, readonly LaunchOfRound[]> {
  return new Map(
    [...countedLaunches(state)].map(([cellKey, counted]) => [
      cellKey,
      counted
        .filter(({ launch: { place } }) => place.phase === 'explore' && place.round < round)
        .map(({ launch, cell }) => launchOfRound(launch, cell))
        .filter(({ values }) => values.length > 0),
    ]),
  );
}

function launchOfRound(launch: LaunchState, cell: LaunchCellState): LaunchOfRound {
  const { place } = launch;
  const repeats = countedRepeats(cell);
  const durations_ns = repeats.map(({ sample: { call } }) => call.end_ns - call.start_ns);
  return {
    round: place.round,
    block: `${place.round}/${place.block}`,
    values: repeats.flatMap(({ sample }) => journalThroughput(sample) ?? []),
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
