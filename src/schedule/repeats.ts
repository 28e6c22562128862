/**
 * How many repeats the launches of adaptive rounds take, between the study's minimum and its maximum: few in the first
 * three launches, and from the fourth on as many as what was measured says is worth the time (`stats/two-levels.ts`). The
 * study's window still ends a launch earlier.
 *
 * Error rates hold, because the number for a round is read from earlier rounds alone, is the same for all cells that are
 * compared, and does not depend on how far apart they are: where two cells are equal, exchanging them in any block
 * changes no estimate's distribution, only the sign of that block's difference. `bench/trust` counts the errors.
 */
import { presentValue } from '../kernel/maybe.ts';
import { sum } from '../stats/moments.ts';
import { bestRepeats, twoLevels } from '../stats/two-levels.ts';
import type { LaunchSoFar } from './enough.ts';

export interface RepeatsRule {
  /** Repeats of a launch, at least and at most. */
  readonly minimum: number;
  readonly maximum: number;
}

export interface TimedLaunch extends LaunchSoFar {
  /** Time before the first repeat: the cell's share of start and load, and its warm-up. */
  readonly launch_ms: number;
  /** Mean time of a repeat. */
  readonly repeat_ms: number;
}

/** Two launches say almost nothing of how much launches differ. */
const PILOT_LAUNCHES = 3;
/** Three repeats say what two cannot: that they have a tail. */
const PILOT_REPEATS = 3;
/** With one repeat a launch says nothing of how much repeats differ. */
const FEWEST = 2;

/**
 * Repeats at most of each cell in the next round, from the launches of the rounds before.
 * @param cells that are compared with each other, each with its launches; or one alone
 */
export function repeatsAtMost(
  cells: readonly (readonly TimedLaunch[])[],
  { minimum, maximum }: RepeatsRule,
): number {
  const within = (repeats: number): number => Math.min(maximum, Math.max(minimum, repeats));
  const launches = inCommonBlocks(cells);
  if ((launches[0]?.length ?? 0) < PILOT_LAUNCHES) return within(PILOT_REPEATS);
  const levels = presentValue(twoLevels(launches.map((own) => own.map(({ values }) => values))));
  if (levels === undefined) return maximum;
  const repeat_ms = sum(launches.flat().map((launch) => launch.repeat_ms));
  const launch_ms = sum(launches.flat().map((launch) => launch.launch_ms));
  const best = bestRepeats(levels, repeat_ms === 0 ? Number.POSITIVE_INFINITY : launch_ms / repeat_ms);
  return within(Math.max(FEWEST, Math.round(best)));
}

/** The launches in blocks that have all of the cells, in one order. */
function inCommonBlocks(cells: readonly (readonly TimedLaunch[])[]): TimedLaunch[][] {
  const byBlock = cells.map((own) => new Map(own.map((launch) => [launch.block, launch])));
  const common = (cells[0] ?? []).filter(({ block }) => byBlock.every((own) => own.has(block)));
  return byBlock.map((own) => common.flatMap(({ block }) => own.get(block) ?? []));
}
