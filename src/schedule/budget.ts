/**
 * What to do about time, as pure functions of what was measured so far. A launch is started only where it is expected
 * to end within the budget; after each round the cells that cannot reach the minimum of rounds in time are dropped,
 * least important first, so that the kept ones do.
 */

export interface CostedCell {
  readonly cellKey: string;
  /** 0 = most important; equal ranks are dropped from the plan's end. */
  readonly rank: number;
  /** Expected time in one launch: warm-up and repeats. */
  readonly cost_ms: number;
}

export interface CostedLaunch {
  readonly key: string;
  /** Expected start, load and stop. */
  readonly overhead_ms: number;
  readonly cells: readonly CostedCell[];
}

export interface TimeQuestion {
  readonly launches: readonly CostedLaunch[];
  /** Rounds that every kept cell must still get. */
  readonly roundsMissing: number;
  /** Left of the budget, the reserve for confirmation already taken off. */
  readonly remaining_ms: number;
}

/** Expected time of one launch with the cells it has. */
export const launchCost_ms = (launch: CostedLaunch): number =>
  launch.cells.length === 0
    ? 0
    : launch.overhead_ms + launch.cells.reduce((sum, cell) => sum + cell.cost_ms, 0);

/** Expected time of one round. */
export const roundCost_ms = (launches: readonly CostedLaunch[]): number =>
  launches.reduce((sum, launch) => sum + launchCost_ms(launch), 0);

/**
 * The cells to drop, in the order of dropping, so that the missing rounds of the others fit. Empty where all fit.
 * The most important cell is never dropped: something is always measured.
 */
export function cellsToDrop(question: TimeQuestion): CostedCell[] {
  const { launches, roundsMissing, remaining_ms } = question;
  if (roundsMissing <= 0) return [];
  const byImportance = launches
    .flatMap((launch) => launch.cells.map((cell) => ({ cell, launch })))
    .map((entry, position) => ({ ...entry, position }))
    .sort((a, b) => a.cell.rank - b.cell.rank || a.position - b.position);
  const kept = new Map(launches.map((launch) => [launch.key, launch.cells.length]));
  let round_ms = roundCost_ms(launches);
  const dropped: CostedCell[] = [];
  while (byImportance.length > 1 && round_ms * roundsMissing > remaining_ms) {
    const least = byImportance.pop();
    if (least === undefined) break;
    const left = (kept.get(least.launch.key) ?? 0) - 1;
    kept.set(least.launch.key, left);
    // The last cell of a launch takes the launch with it.
    round_ms -= least.cell.cost_ms + (left === 0 ? least.launch.overhead_ms : 0);
    dropped.push(least.cell);
  }
  return dropped;
}

/** Whether a launch may still start: it is expected to end within what remains. */
export const fits = (launch: CostedLaunch, remaining_ms: number | undefined): boolean =>
  remaining_ms === undefined || launchCost_ms(launch) <= remaining_ms;
