/** How much of the budget is kept for measuring the winners again. */
import type { CostBook } from './costs.ts';
import type { OpenRun } from './open-run.ts';

/** Winner and rival, in two classes, at two batches; classes often share one. */
const EXPECTED_FINALISTS = 6;
/** Confirmation never takes more than this share of the budget: first of all every cell gets its rounds. */
const MAXIMUM_SHARE = 0.32;
/** A machine may be slower by then: two fresh blocks in place of three have an interval that says nothing. */
const HEADROOM = 1.25;

/** Expected time of the confirmation blocks in ms, from the mean cost of a launch that serves one cell. */
export function confirmReserve_ms(run: OpenRun, costs: CostBook, budget_ms: number | undefined): number {
  const { launches } = run.plan;
  const costed = launches.map((launch) => costs.cost(launch, () => true));
  const cells = costed.flatMap((launch) => launch.cells);
  if (cells.length === 0) return 0;
  const overhead_ms = costed.reduce((sum, launch) => sum + launch.overhead_ms, 0) / costed.length;
  const cell_ms = cells.reduce((sum, cell) => sum + cell.cost_ms, 0) / cells.length;
  const expected_ms =
    HEADROOM *
    run.study.rounds.confirm *
    Math.min(EXPECTED_FINALISTS, cells.length) *
    (overhead_ms + cell_ms);
  return budget_ms === undefined ? expected_ms : Math.min(expected_ms, MAXIMUM_SHARE * budget_ms);
}
