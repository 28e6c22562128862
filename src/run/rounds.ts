/**
 * The rounds of a run: every block once per round in seeded random order, until the maximum of rounds, the budget or an
 * interruption. Models whose converted copies are removed go through all of their rounds alone, after the others; where time
 * is short, those before them stop at the minimum of rounds. What is beyond the time (`beyond-time.ts`) is named; time that is
 * left in the end is its own.
 */

import { attempts, blockKey, finishedByBlock, placeKey } from '../journal/progress.ts';
import type { JournalRecord } from '../journal/records.ts';
import type { JournalState, Place } from '../journal/state.ts';
import { copyKey } from '../plan/copies.ts';
import type { Plan, PlannedBlock, PlannedLaunch } from '../plan/plan.ts';
import { type RoundGroup, roundGroups } from '../plan/round-groups.ts';
import { fits } from '../schedule/budget.ts';
import { roundOrder } from '../schedule/order.ts';
import type { Study } from '../study/study.ts';
import { dropBeyondTime, isTimeBeside, type Owed, roundsMissing } from './beyond-time.ts';
import type { CostBook } from './costs.ts';
import type { OnRunEvent } from './events.ts';
import type { Evictor } from './evictor.ts';
import type { LaunchResult } from './launch-task.ts';

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
  /** The leaders of what was measured so far: where time is short, they get their rounds before others of their rank. */
  readonly leaders?: () => ReadonlySet<string>;
  /** Asked after each round: whether what was measured answers the question, so that no further round is needed. */
  readonly isEnough?: (() => boolean) | undefined;
  /** Cells that failed for good: they get no further launch. */
  readonly isGivenUp: (cellKey: string) => boolean;
  /**
   * Looks at what was measured before `round` (at least the minimum of rounds): the cells of `open` that have enough.
   * Absent where every cell gets the maximum of rounds.
   */
  readonly look?: (round: number, open: ReadonlySet<string>) => readonly string[];
  /**
   * Makes what the launch needs to exist: the checkpoint, the reference that its cells are compared with. `left` are the
   * cells that this invocation has no time for.
   */
  readonly prepare?: (launch: PlannedLaunch, left: ReadonlySet<string>) => Promise<void>;
  /** Removes converted copies of models that do not keep theirs; absent where none is removed. */
  readonly evictor?: Evictor | undefined;
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
  const finished = new Map(
    [...finishedByBlock(context.before)].map(([block, cells]) => [block, new Set(cells)]),
  );
  const progress: Progress = {
    launches: new Map(context.plan.launches.map((launch) => [launch.key, launch])),
    finished,
    begun: new Map(),
    missing: roundsMissing(context.plan, context.before, finished, context.study.rounds.minimum),
    dropped: new Set(),
    named: new Set(),
    settled: new Set(),
  };
  const owing = new Set<RoundGroup>();
  const groups = roundGroups(context.plan);
  const removeCopies = ({ evicted }: RoundGroup): void => {
    if (evicted !== undefined) context.evictor?.remove(evicted, new Set());
  };
  for (const [index, group] of groups.entries()) {
    const later = groups.slice(index + 1).flatMap(({ blocks }) => blocks);
    const outcome = await runGroup(context, progress, group, later, () => owing.add(group));
    if (outcome !== 'complete') return outcome;
    removeCopies(group);
  }
  if (context.isEnough?.() !== true) {
    for (const group of [...owing]) {
      const outcome = await fillUp(context, progress, group);
      if (outcome !== 'filled') return outcome;
      removeCopies(group);
      owing.delete(group);
    }
  }
  // What was left out is still owed its rounds: the same command with more time goes on with it.
  return owing.size > 0 ? 'budget' : 'complete';
}

/** Serves what the rounds of a group left out, as the next invocation would, without the time kept for confirmation. */
async function fillUp(
  context: RoundsContext,
  progress: Progress,
  group: RoundGroup,
): Promise<'filled' | 'budget' | 'interrupted'> {
  progress.dropped.clear();
  const late = { ...context, remaining_ms: (round: number) => context.remaining_ms(Math.max(1, round)) };
  for (let round = 0; round < context.study.rounds.maximum; round += 1) {
    const outcome = await runRound(late, progress, group, round);
    if (outcome !== 'filled') return outcome;
  }
  return 'filled';
}

interface Progress extends Owed {
  readonly launches: ReadonlyMap<string, PlannedLaunch>;
  /** Cells that need nothing more in a block, by `blockKey`. */
  readonly finished: Map<string, Set<string>>;
  /** Launches that this invocation began at a place. */
  readonly begun: Map<string, number>;
  readonly settled: Set<string>;
}

/** All rounds of one group; `later` are the blocks of the groups after it. `onOwing`: it leaves rounds out. */
async function runGroup(
  context: RoundsContext,
  progress: Progress,
  group: RoundGroup,
  later: readonly PlannedBlock[],
  onOwing: () => void,
): Promise<RoundsOutcome> {
  const { minimum, maximum } = context.study.rounds;
  const { dropped } = progress;
  dropped.clear();
  for (let round = 0; round < maximum; round += 1) {
    if (context.interrupted()) return 'interrupted';
    if (round < minimum) {
      dropBeyondTime(context, round, progress);
    } else if (isTimeBeside(context, progress, group.blocks, later, round)) {
      // Past the minimum the kept cells have what they need: time that is left serves the dropped ones as well.
      dropped.clear();
    } else {
      onOwing();
      break;
    }
    if (dropped.size > 0) onOwing();
    if (round >= minimum && isSettled(context, progress, group, round)) break;
    const outcome = await runRound(context, progress, group, round);
    if (outcome !== 'filled') return outcome;
    context.onEvent({ kind: 'round-ended', round: round + 1, of: maximum });
    if (context.isEnough?.() === true) break;
  }
  return 'complete';
}

/** Looks at what was measured, where the study asks for it: whether every cell of the group has enough. */
function isSettled(context: RoundsContext, progress: Progress, group: RoundGroup, round: number): boolean {
  if (context.look === undefined) return false;
  const open = new Set(
    group.blocks
      .flatMap(({ launches }) => launches.flatMap((key) => progress.launches.get(key)?.cells ?? []))
      .map(({ cellKey }) => cellKey)
      .filter((cellKey) => !progress.settled.has(cellKey) && !context.isGivenUp(cellKey)),
  );
  for (const cellKey of context.look(round, open)) progress.settled.add(cellKey);
  return open.size > 0 && [...open].every((cellKey) => progress.settled.has(cellKey));
}

async function runRound(
  context: RoundsContext,
  progress: Progress,
  group: RoundGroup,
  round: number,
): Promise<'filled' | 'budget' | 'interrupted'> {
  const { plan, study, isGivenUp } = context;
  const left = new Set([...progress.dropped, ...progress.settled]);
  const places = roundOrder(group.blocks, study.seed, round).flatMap(({ block, launches }) =>
    launches.flatMap((key) => {
      const launch = progress.launches.get(key);
      const position = plan.blocks[block]?.launches.indexOf(key) ?? 0;
      const place: Place = { phase: 'explore', round, block, position };
      return launch === undefined ? [] : [{ launch, place }];
    }),
  );
  const wantedAt = ({ launch, place }: (typeof places)[number]): string[] => {
    const done = progress.finished.get(blockKey(place));
    return launch.cells
      .map(({ cellKey }) => cellKey)
      .filter((key) => done?.has(key) !== true && !left.has(key) && !isGivenUp(key));
  };
  const isRemovedWithin =
    plan.copies?.evicted.find(({ model }) => model === group.evicted)?.until === 'round-needs-none';
  for (const [index, at] of places.entries()) {
    const wanted = wantedAt(at);
    if (wanted.length === 0) continue;
    const outcome = await fillPlace(context, progress, at.launch, at.place, wanted, left);
    if (outcome !== 'filled') return outcome;
    if (group.evicted === undefined || !isRemovedWithin) continue;
    const later = places.slice(index + 1).filter((place) => wantedAt(place).length > 0);
    context.evictor?.remove(group.evicted, new Set(later.map(({ launch }) => copyKey(launch.identity))));
  }
  return 'filled';
}

async function fillPlace(
  context: RoundsContext,
  { begun, finished }: Progress,
  launch: PlannedLaunch,
  place: Place,
  cellKeys: readonly string[],
  left: ReadonlySet<string>,
): Promise<'filled' | 'budget' | 'interrupted'> {
  const key = placeKey(place);
  let wanted = cellKeys;
  const isInTime = (): boolean =>
    fits(
      context.costs.cost(launch, (key) => wanted.includes(key)),
      context.remaining_ms(place.round),
    );
  while (wanted.length > 0) {
    if (context.interrupted()) return 'interrupted';
    if (!isInTime()) return 'budget';
    await context.prepare?.(launch, left);
    if (context.interrupted()) return 'interrupted';
    if (!isInTime()) return 'budget';
    const earlier = begun.get(key) ?? 0;
    begun.set(key, earlier + 1);
    const result = await context.run(launch, wanted, place, attempts(context.before, place) + earlier);
    context.costs.learn(launch.key, result);
    context.evictor?.used(launch, result.cacheEntries ?? []);
    if (result.outcome === 'interrupted') return context.interrupted() ? 'interrupted' : 'budget';
    wanted = result.unserved.map((cell) => cell.cellKey);
  }
  const block = blockKey(place);
  finished.set(block, new Set([...(finished.get(block) ?? []), ...cellKeys]));
  return 'filled';
}
