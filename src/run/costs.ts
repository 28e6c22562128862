/** What launches and cells cost in time: the plan's estimate until they were measured, then the mean of what was seen. */
import type { PlannedLaunch } from '../plan/plan.ts';
import type { CostedLaunch } from '../schedule/budget.ts';
import type { LaunchResult } from './run-launch.ts';

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

const mean = (values: readonly number[] | undefined): number | undefined =>
  values === undefined || values.length === 0
    ? undefined
    : values.reduce((sum, value) => sum + value, 0) / values.length;
