/**
 * What of a study is beyond the time of an invocation. The cells of a block that has launches are owed their minimum of
 * rounds before a new block is begun: what was measured gets its intervals and the other side of its comparisons, and then
 * the next in importance follow. Before anything of a block was measured there are only rules of thumb: of the most
 * important cells it is asked for one round, and of others for one beside the whole minimum of all that are more important.
 * Rounds past the minimum come after the minimum of everything else that there is time for.
 */

import { blockKey } from '../journal/progress.ts';
import type { JournalRecord } from '../journal/records.ts';
import type { JournalState } from '../journal/state.ts';
import { formatDuration } from '../kernel/duration.ts';
import type { Plan, PlannedBlock } from '../plan/plan.ts';
import {
  type CostedLaunch,
  cellsBeyondMoreImportant,
  missingTime_ms,
  roundCost_ms,
} from '../schedule/budget.ts';
import type { CostBook } from './costs.ts';
import type { OnRunEvent } from './events.ts';

/** What a cell lacks of the study's minimum of rounds, as it stands when it is asked. */
export interface RoundsMissing {
  /** Those that it is owed now. */
  readonly now: (cellKey: string) => number;
  /** All of them. */
  readonly inAll: (cellKey: string) => number;
}

/**
 * @param before the journal when the invocation began
 * @param finished cells that need nothing more in a block, by `blockKey`; it may grow
 * @param minimum rounds that the study wants of every cell
 */
export function roundsMissing(
  plan: Plan,
  before: JournalState,
  finished: ReadonlyMap<string, ReadonlySet<string>>,
  minimum: number,
): RoundsMissing {
  const begunBlocks = new Set(
    before.launches
      .filter(({ place, cells }) => place.phase === 'explore' && cells.size > 0)
      .map(({ place }) => place.block),
  );
  const launches = new Map(plan.launches.map((launch) => [launch.key, launch]));
  const blocks = new Map<string, { readonly block: number; readonly keys: readonly string[] }>();
  for (const { block, launches: launchKeys } of plan.blocks) {
    const keys = Array.from({ length: minimum }, (_, round) => blockKey({ phase: 'explore', round, block }));
    const cells = launchKeys.flatMap((key) => launches.get(key)?.cells ?? []);
    for (const { cellKey } of cells) blocks.set(cellKey, { block, keys });
  }
  const inAll = (cellKey: string): number =>
    (blocks.get(cellKey)?.keys ?? []).filter((key) => finished.get(key)?.has(cellKey) !== true).length;
  return {
    inAll,
    now: (cellKey) => {
      const missing = inAll(cellKey);
      const isNew = missing === minimum && !begunBlocks.has(blocks.get(cellKey)?.block ?? -1);
      return isNew ? Math.min(1, missing) : missing;
    },
  };
}

/** What an invocation knows of the rounds that are owed. */
export interface Owed {
  readonly missing: RoundsMissing;
  /** Cells that this invocation has no time for. */
  readonly dropped: Set<string>;
  /** Cells of which the journal was told so. */
  readonly named: Set<string>;
  /** Cells that have enough. */
  readonly settled: ReadonlySet<string>;
}

interface TimeContext {
  readonly plan: Plan;
  readonly costs: CostBook;
  readonly record: (record: JournalRecord) => void;
  readonly onEvent: OnRunEvent;
  readonly remaining_ms: (round: number) => number | undefined;
  readonly leaders?: () => ReadonlySet<string>;
  readonly isGivenUp: (cellKey: string) => boolean;
}

/**
 * Drops what cannot reach the minimum of rounds within the time that is left, and says so: by the study's priority, of equal
 * ones the leaders stay (`leaders.ts`).
 */
export function dropBeyondTime(context: TimeContext, round: number, owed: Owed): void {
  const { plan, costs, isGivenUp } = context;
  const { missing, dropped, named } = owed;
  const remaining_ms = context.remaining_ms(round);
  if (remaining_ms === undefined) return;
  const keep = (key: string): boolean => !dropped.has(key) && !isGivenUp(key);
  const question = {
    launches: plan.launches.map((launch) => costs.cost(launch, keep)),
    roundsMissing: missing.now,
    roundsWanted: missing.inAll,
  };
  context.onEvent({ kind: 'budget', remaining_ms });
  const needed_ms = missingTime_ms({ ...question, roundsMissing: question.roundsWanted });
  const leaders = needed_ms > remaining_ms ? context.leaders?.() : undefined;
  const leads = (cellKey: string): boolean => leaders?.has(cellKey) === true;
  for (const { cellKey } of cellsBeyondMoreImportant({ ...question, leads, remaining_ms })) {
    dropped.add(cellKey);
    if (named.has(cellKey)) continue;
    named.add(cellKey);
    context.record({
      kind: 'cell-dropped',
      cellKey,
      reason: {
        en: `beyond the time: what is missing takes about ${formatDuration(needed_ms)}; ${formatDuration(remaining_ms)} are left`,
        ja: `時間が足りません: 残りの測定に約 ${formatDuration(needed_ms)} かかりますが、残り時間は ${formatDuration(remaining_ms)} です`,
      },
    });
  }
}

/**
 * Whether a round past the minimum fits beside the minimum of what is measured later: the blocks of `later` go before it
 * where the time is not enough for both.
 */
export function isTimeBeside(
  { plan, costs, remaining_ms, isGivenUp }: TimeContext,
  { missing, dropped, settled }: Owed,
  blocks: readonly PlannedBlock[],
  later: readonly PlannedBlock[],
  round: number,
): boolean {
  const left_ms = remaining_ms(round);
  if (left_ms === undefined) return true;
  const isOpen = (key: string): boolean => !isGivenUp(key) && !settled.has(key);
  const launchesOf = (of: readonly PlannedBlock[], keep: (cellKey: string) => boolean): CostedLaunch[] => {
    const keys = new Set(of.flatMap(({ launches }) => launches));
    return plan.launches
      .filter(({ key }) => keys.has(key))
      .map((launch) => costs.cost(launch, (key) => keep(key) && isOpen(key)));
  };
  const later_ms = missingTime_ms({
    launches: launchesOf(later, (key) => !dropped.has(key)),
    roundsMissing: missing.inAll,
  });
  return later_ms === 0 || later_ms + roundCost_ms(launchesOf(blocks, () => true)) <= left_ms;
}
