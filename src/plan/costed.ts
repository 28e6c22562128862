/** A planned launch in the terms of the budget policy. */
import type { CostedLaunch } from '../schedule/budget.ts';
import type { PlannedLaunch } from './plan.ts';

/** With the plan's estimates. */
export const costed = (launch: PlannedLaunch): CostedLaunch => ({
  key: launch.key,
  overhead_ms: launch.overhead_ms,
  cells: launch.cells.map(({ cellKey, rank, estimated_ms }) => ({ cellKey, rank, cost_ms: estimated_ms })),
});
