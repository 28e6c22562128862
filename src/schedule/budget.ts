/**
 * What to do about time, as pure functions of what was measured so far. A launch is started only where it is expected
 * to end within the budget; after each round the cells that cannot reach the minimum of rounds in time are dropped,
 * least important first, so that the kept ones do.
 */

export interface CostedCell {
  readonly cellKey: string;
  /** 0 = most important; of equal ranks those that lead stay longest, and others are dropped from the plan's end. */
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
  /** Rounds that the cell must still get; 0 for one that needs nothing, which is never dropped. */
  readonly roundsMissing: (cellKey: string) => number;
  /** Cells that go before others of their rank: those that the answer is about; absent where none is known yet. */
  readonly leads?: (cellKey: string) => boolean;
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

/** Expected time of the missing rounds of one launch: it is started as often as the cell of it that lacks the most. */
function missingCost_ms(launch: CostedLaunch, roundsMissing: TimeQuestion['roundsMissing']): number {
  const rounds = launch.cells.map(({ cellKey }) => roundsMissing(cellKey));
  const cells_ms = launch.cells.reduce((sum, { cost_ms }, index) => sum + cost_ms * (rounds[index] ?? 0), 0);
  return launch.overhead_ms * Math.max(0, ...rounds) + cells_ms;
}

/** Expected time of all rounds that are missing. */
export const missingTime_ms = ({ launches, roundsMissing }: Omit<TimeQuestion, 'remaining_ms'>): number =>
  launches.reduce((sum, launch) => sum + missingCost_ms(launch, roundsMissing), 0);

/**
 * The cells to drop, in the order of dropping, so that the missing rounds of the others fit. Empty where all fit.
 * The most important cell is never dropped: something is always measured.
 */
export function cellsToDrop(question: TimeQuestion): CostedCell[] {
  const { launches, roundsMissing, remaining_ms, leads = () => false } = question;
  const kept = new Map(launches.map((launch) => [launch.key, launch]));
  const byImportance = launches
    .flatMap(({ key, cells }) => cells.map((cell) => ({ cell, key })))
    .filter(({ cell }) => roundsMissing(cell.cellKey) > 0)
    .map((entry, position) => ({ ...entry, position }))
    .sort(
      (a, b) =>
        a.cell.rank - b.cell.rank ||
        Number(leads(b.cell.cellKey)) - Number(leads(a.cell.cellKey)) ||
        a.position - b.position,
    );
  let missing_ms = missingTime_ms(question);
  const dropped: CostedCell[] = [];
  while (byImportance.length > 1 && missing_ms > remaining_ms) {
    const least = byImportance.pop();
    const launch = least === undefined ? undefined : kept.get(least.key);
    if (least === undefined || launch === undefined) break;
    const left = { ...launch, cells: launch.cells.filter((cell) => cell !== least.cell) };
    kept.set(launch.key, left);
    missing_ms += missingCost_ms(left, roundsMissing) - missingCost_ms(launch, roundsMissing);
    dropped.push(least.cell);
  }
  return dropped;
}

/**
 * The cells to leave out where the more important go all the way first: a cell is asked for its missing rounds only where
 * all that the more important ones want fits beside them. Of the most important rank the missing rounds alone must fit, as
 * in `cellsToDrop`. In the order of dropping.
 */
export function cellsBeyondMoreImportant(
  question: TimeQuestion & {
    /** Rounds that the cell wants in all, at least those that it misses now. */
    readonly roundsWanted: (cellKey: string) => number;
  },
): CostedCell[] {
  const { launches, roundsMissing, roundsWanted } = question;
  const cells = launches.flatMap((launch) => launch.cells);
  const rankOf = new Map(cells.map(({ cellKey, rank }) => [cellKey, rank]));
  const ranks = [...new Set(rankOf.values())].sort((a, b) => b - a);
  const dropped = new Set<CostedCell>();
  for (const rank of ranks) {
    const beyond = cellsToDrop({
      ...question,
      launches: launches.map((launch) => ({
        ...launch,
        cells: launch.cells.filter((cell) => !dropped.has(cell)),
      })),
      roundsMissing: (key) => ((rankOf.get(key) ?? rank) < rank ? roundsWanted(key) : roundsMissing(key)),
    });
    for (const cell of beyond) if (cell.rank === rank) dropped.add(cell);
  }
  return [...dropped];
}

/** Whether a launch may still start: it is expected to end within what remains. */
export const fits = (launch: CostedLaunch, remaining_ms: number | undefined): boolean =>
  remaining_ms === undefined || launchCost_ms(launch) <= remaining_ms;
