/** What launches and cells cost in time: the plan's estimate until they were measured, then the mean of what was seen. */
import { unpacked } from '../journal/packed-repeats.ts';
import type { JournalState, LaunchCellState } from '../journal/state.ts';
import { launchesByCell, type Plan, type PlannedLaunch } from '../plan/plan.ts';
import { conversion_ns } from '../protocol/conversion.ts';
import type { CostedLaunch } from '../schedule/budget.ts';
import type { LaunchResult } from './launch-task.ts';

export interface CostBook {
  learn(launchKey: string, result: LaunchResult): void;
  /** The launch with only the cells of `keep`. */
  cost(launch: PlannedLaunch, keep: (cellKey: string) => boolean): CostedLaunch;
}

export function costBook(): CostBook {
  const cells = new Map<string, number[]>();
  const overheads = new Map<string, number[]>();
  const note = (book: Map<string, number[]>, key: string, value: number): void => {
    book.set(key, [...(book.get(key) ?? []), value]);
  };
  return {
    learn: (launchKey, result) => {
      let measured_ms = 0;
      for (const [cellKey, time_ms] of result.cellTimes_ms) {
        note(cells, cellKey, time_ms);
        measured_ms += time_ms;
      }
      if (result.outcome === 'complete')
        note(overheads, launchKey, result.total_ms - result.once_ms - measured_ms);
    },
    cost: (launch, keep) => ({
      key: launch.key,
      overhead_ms: mean(overheads.get(launch.key)) ?? launch.overhead_ms,
      cells: launch.cells
        .filter(({ cellKey }) => keep(cellKey))
        .map(({ cellKey, rank, estimated_ms }) => ({
          cellKey,
          rank,
          cost_ms: mean(cells.get(cellKey)) ?? estimated_ms,
        })),
    }),
  };
}

/**
 * Tells the book what the launches of earlier invocations took, as far as their records say: from request to loaded, and
 * the generations of each cell. Stopping and what is done between generations stand in no record, so it is a little less.
 */
export function learnFromJournal(costs: CostBook, plan: Plan, before: JournalState): void {
  const launchOf = launchesByCell(plan);
  for (const { place, started, loaded, cells } of before.launches) {
    const launchKey = launchOf.get(started.cellKeys[0] ?? '')?.key;
    if (place.phase !== 'explore' || launchKey === undefined || loaded === undefined) continue;
    const measured = [...cells.values()].filter((cell) => cell.measured !== undefined);
    const cellTimes_ms = new Map(measured.map((cell) => [cell.cellKey, generations_ms(cell)]));
    const load_ns = Number(BigInt(loaded.loaded_ns) - BigInt(started.requested_ns));
    const once_ms = conversion_ns(loaded) / 1e6;
    const total_ms = [...cellTimes_ms.values()].reduce((sum, ms) => sum + ms, load_ns / 1e6);
    costs.learn(launchKey, { outcome: 'complete', cellTimes_ms, once_ms, total_ms, unserved: [] });
  }
}

/** Warm-up and repeats of one cell, in ms. */
function generations_ms({ warmUp, repeats }: LaunchCellState): number {
  let total_ns = (warmUp?.durations_ns ?? []).reduce((sum, ns) => sum + ns, 0);
  for (const { sample } of unpacked(repeats)) total_ns += sample.call.end_ns - sample.call.start_ns;
  return total_ns / 1e6;
}

const mean = (values: readonly number[] | undefined): number | undefined =>
  values === undefined || values.length === 0
    ? undefined
    : values.reduce((sum, value) => sum + value, 0) / values.length;
