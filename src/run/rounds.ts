/**
 * The rounds of a run: every block once per round in seeded random order, until the maximum of rounds, the budget or an
 * interruption. Cells that cannot reach the minimum of rounds in time are dropped by the study's priority, and named.
 */

import { attempts, finishedCells } from '../journal/progress.ts';
import type { JournalRecord } from '../journal/records.ts';
import type { JournalState, Place } from '../journal/state.ts';
import type { Plan, PlannedLaunch } from '../plan/plan.ts';
import { cellsToDrop, fits, roundCost_ms } from '../schedule/budget.ts';
import { roundOrder } from '../schedule/order.ts';
import type { Study } from '../study/study.ts';
import type { CostBook } from './costs.ts';
import type { OnRunEvent } from './events.ts';
import type { LaunchResult } from './run-launch.ts';

export interface RoundsContext {
  readonly study: Study;
  readonly plan: Plan;
  /** The journal as it stood when this invocation began. */
  readonly before: JournalState;
  readonly costs: CostBook;
  readonly record: (record: JournalRecord) => void;
  readonly onEvent: OnRunEvent;
  readonly interrupted: () => boolean;
  /**
   * Left of the budget for launches of a round; undefined without a budget. From the second round on the reserve for
   * confirmation is taken off: first of all every cell gets a value.
   */
  readonly remaining_ms: (round: number) => number | undefined;
  /** Asked after each round: whether what was measured answers the question, so that no further round is needed. */
  readonly isEnough?: (() => boolean) | undefined;
  /** Cells that failed for good: they get no further launch. */
  readonly isGivenUp: (cellKey: string) => boolean;
  /**
   * Looks at what was measured before `round` (at least the minimum of rounds): the cells of `open` that have enough.
   * Absent where every cell gets the maximum of rounds.
   */
  readonly look?: (round: number, open: ReadonlySet<string>) => readonly string[];
  readonly run: (
    launch: PlannedLaunch,
    cellKeys: readonly string[],
    place: Place,
    attempt: number,
  ) => Promise<LaunchResult>;
}

export type RoundsOutcome = 'complete' | 'budget' | 'interrupted';

/** Runs rounds until one of the three ends, or enough is known (complete); returns which. */
export async function runRounds(context: RoundsContext): Promise<RoundsOutcome> {
  const { study, plan } = context;
  const dropped = new Set<string>();
  const settled = new Set<string>();
  let owed = false;
  const byKey = new Map(plan.launches.map((launch) => [launch.key, launch]));
  for (let round = 0; round < study.rounds.maximum; round += 1) {
    if (context.interrupted()) return 'interrupted';
    // Past the minimum the kept cells have what they need: time that is left serves the dropped ones as well.
    if (round >= study.rounds.minimum) dropped.clear();
    else dropBeyondTime(context, round, dropped);
    owed ||= dropped.size > 0;
    if (context.look !== undefined && round >= study.rounds.minimum) {
      const open = new Set(
        plan.cells
          .map(({ cellKey }) => cellKey)
          .filter((cellKey) => !settled.has(cellKey) && !context.isGivenUp(cellKey)),
      );
      for (const cellKey of context.look(round, open)) settled.add(cellKey);
      if (open.size > 0 && [...open].every((cellKey) => settled.has(cellKey))) break;
    }
    for (const { block, launches } of roundOrder(plan.blocks, study.seed, round)) {
      for (const key of launches) {
        const launch = byKey.get(key);
        if (launch === undefined) continue;
        const position = plan.blocks[block]?.launches.indexOf(key) ?? 0;
        const place: Place = { phase: 'explore', round, block, position };
        const outcome = await fillPlace(context, launch, place, new Set([...dropped, ...settled]));
        if (outcome !== 'filled') return outcome;
      }
    }
    context.onEvent({ kind: 'round-ended', round: round + 1, of: study.rounds.maximum });
    if (context.isEnough?.() === true) break;
  }
  // Dropped cells are still owed rounds: the same command with more time goes on with them.
  return owed ? 'budget' : 'complete';
}

async function fillPlace(
  context: RoundsContext,
  launch: PlannedLaunch,
  place: Place,
  left: ReadonlySet<string>,
): Promise<'filled' | 'budget' | 'interrupted'> {
  const finished = finishedCells(context.before, place);
  let attempt = attempts(context.before, place);
  let wanted = launch.cells
    .map((cell) => cell.cellKey)
    .filter((key) => !finished.has(key) && !left.has(key) && !context.isGivenUp(key));
  while (wanted.length > 0) {
    if (context.interrupted()) return 'interrupted';
    const cost = context.costs.cost(launch, (key) => wanted.includes(key));
    if (!fits(cost, context.remaining_ms(place.round))) return 'budget';
    const result = await context.run(launch, wanted, place, attempt);
    context.costs.learn(launch.key, result);
    if (result.outcome === 'interrupted') return context.interrupted() ? 'interrupted' : 'budget';
    wanted = result.unserved.map((cell) => cell.cellKey);
    attempt += 1;
  }
  return 'filled';
}

/** Drops what cannot reach the minimum of rounds within the time that is left, and says so. */
function dropBeyondTime(context: RoundsContext, round: number, dropped: Set<string>): void {
  const { study, plan, costs } = context;
  const remaining_ms = context.remaining_ms(round);
  const keep = (key: string): boolean => !dropped.has(key) && !context.isGivenUp(key);
  const launches = plan.launches.map((launch) => costs.cost(launch, keep));
  if (remaining_ms === undefined) return;
  context.onEvent({ kind: 'budget', remaining_ms });
  // Before anything was measured there are only rules of thumb: they may not cost more than the first round needs.
  const roundsMissing = round === 0 ? 1 : study.rounds.minimum - round;
  const needed_ms = roundCost_ms(launches) * roundsMissing;
  for (const cell of cellsToDrop({ launches, roundsMissing, remaining_ms })) {
    dropped.add(cell.cellKey);
    context.record({
      kind: 'cell-dropped',
      cellKey: cell.cellKey,
      reason: `beyond the time: ${roundsMissing} more rounds of all cells would take about ${seconds(needed_ms)}, ${seconds(remaining_ms)} are left`,
    });
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
