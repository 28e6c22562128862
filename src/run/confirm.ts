/**
 * Confirmation: the finalists alone, in fresh blocks that had no part in choosing them, shuffled in each. Its samples
 * are kept apart by the phase `confirm`.
 */
import type { Host } from '../host/host.ts';
import { attempts, finishedCells } from '../journal/progress.ts';
import type { Place } from '../journal/state.ts';
import { fits } from '../schedule/budget.ts';
import { roundOrder } from '../schedule/order.ts';
import { leaders } from './leaders.ts';
import type { OpenRun } from './open-run.ts';
import type { RoundsContext, RoundsOutcome } from './rounds.ts';
import { stateSoFar } from './state-so-far.ts';

export async function confirmWinners(
  host: Host,
  run: OpenRun,
  context: RoundsContext,
): Promise<RoundsOutcome> {
  const { plan, study } = run;
  const state = stateSoFar(host, run);
  const chosen = leaders(plan, state);
  const wanted = plan.launches.filter((launch) => launch.cells.some(({ cellKey }) => chosen.has(cellKey)));
  const blocks = [{ block: 0, launches: wanted.map((launch) => launch.key) }];
  for (let round = 0; round < study.rounds.confirm; round += 1) {
    for (const key of roundOrder(blocks, study.seed, 1_000_000 + round)[0]?.launches ?? []) {
      const launch = wanted.find((candidate) => candidate.key === key);
      if (launch === undefined) continue;
      const place: Place = { phase: 'confirm', round, block: 0, position: plan.launches.indexOf(launch) };
      const finished = finishedCells(state, place);
      const cells = launch.cells
        .map(({ cellKey }) => cellKey)
        .filter((cellKey) => chosen.has(cellKey) && !finished.has(cellKey) && !context.isGivenUp(cellKey));
      if (cells.length === 0) continue;
      if (context.interrupted()) return 'interrupted';
      const cost = context.costs.cost(launch, (cellKey) => cells.includes(cellKey));
      if (!fits(cost, context.remaining_ms(round))) return 'budget';
      await context.prepare?.(launch, new Set());
      const result = await context.run(launch, cells, place, attempts(state, place));
      context.costs.learn(launch.key, result);
      if (result.outcome === 'interrupted') return context.interrupted() ? 'interrupted' : 'budget';
    }
  }
  return 'complete';
}
