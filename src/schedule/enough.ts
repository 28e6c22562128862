/**
 * When a cell has had enough launches: its interval is narrow enough, or the comparison with its fastest rival is decided.
 * Time that others no longer need goes to the cells that are still open.
 *
 * The cells are looked at after each launch, so every interval and comparison here is made at the level of its look
 * (`stats/sequential.ts`). In a contest of m cells each comparison is at (1 - 0.95) / (m - 1) in all: the truly fastest cell
 * has m - 1 rivals, one of which would have to beat it by luck, so that it is given up in at most 5 % of contests, whoever
 * leads while it runs. Source of the argument: Paulson, "A sequential procedure for selecting the population with the
 * largest mean from k normal populations", Annals of Mathematical Statistics 35 (1964).
 */
import { presentValue, presentValues } from '../kernel/maybe.ts';
import { compareSides } from '../stats/comparison.ts';
import { LEVEL } from '../stats/estimate.ts';
import { mean } from '../stats/moments.ts';
import { isNarrow } from '../stats/repeated-interval.ts';
import { levelAtLook, sequentialDesign } from '../stats/sequential.ts';

export interface EnoughRule {
  /** Launches at the first and at the last look. */
  readonly first: number;
  readonly maximum: number;
  /** Half of the interval over the value that is narrow enough; undefined = no width is. */
  readonly width: number | undefined;
  /** Whether a decided comparison is enough. */
  readonly decided: boolean;
  /** Ratios within it count as equal: 0.02 for 2 %. */
  readonly margin: number;
}

/** What was measured of a cell so far. */
export interface CellSoFar {
  readonly cellKey: string;
  /** Cells that share a name are rivals there; none where it competes with nothing. */
  readonly contests: readonly string[];
  /** In the order in which they ran, none without values. */
  readonly launches: readonly LaunchSoFar[];
}

export interface LaunchSoFar {
  /** Names the round and its block: launches of equal ones are paired. */
  readonly block: string;
  /** Speeds of the repeats: positive, higher is faster. */
  readonly values: readonly number[];
}

export interface Enough {
  readonly cellKey: string;
  readonly launches: number;
  readonly why: Why;
}

type Why =
  | { readonly kind: 'narrow' }
  | { readonly kind: 'slower' | 'equivalent'; readonly than: string }
  /** It is the fastest, or competes with nothing: nothing is left to decide. */
  | { readonly kind: 'rivals-decided' };

/**
 * The cells of `open` that need no further launch, in the order of `cells`, which are all with launches, those that had
 * enough before too. A cell has enough when it has in each of its contests.
 */
export function haveEnough(
  cells: readonly CellSoFar[],
  open: ReadonlySet<string>,
  rule: EnoughRule,
): Enough[] {
  const names = new Set(cells.flatMap(({ contests }) => contests));
  const verdicts = new Map(
    [...names].map((name) => {
      const rivals = cells.filter(({ contests }) => contests.includes(name));
      return [name, ofContest(rivals, open, rule)] as const;
    }),
  );
  return cells
    .filter(({ cellKey }) => open.has(cellKey))
    .flatMap((cell) => {
      const reasons = cell.contests.map((name) => verdicts.get(name)?.get(cell.cellKey));
      const [first = narrowness(cell, rule) ?? allDecided(cell, rule)] = reasons;
      if (first === undefined || reasons.includes(undefined)) return [];
      return [{ cellKey: cell.cellKey, launches: cell.launches.length, why: first }];
    });
}

/** Why each cell of the contest has enough for it, by cell key; those that have not are absent. */
function ofContest(
  contest: readonly CellSoFar[],
  open: ReadonlySet<string>,
  rule: EnoughRule,
): ReadonlyMap<string, Why> {
  const reasons = new Map<string, Why>();
  const leader = [...contest].sort((a, b) => speed(b) - speed(a))[0];
  if (leader === undefined) return reasons;
  const rivals = contest.filter((cell) => cell !== leader && open.has(cell.cellKey));
  for (const rival of rivals) {
    const why =
      (rule.decided ? decision(leader, rival, contest.length, rule) : undefined) ?? narrowness(rival, rule);
    if (why !== undefined) reasons.set(rival.cellKey, why);
  }
  // Rivals are compared with the fastest block by block: while one of them is open, so is the fastest.
  const isNeeded = rule.decided && reasons.size < rivals.length;
  const why = isNeeded ? undefined : (narrowness(leader, rule) ?? allDecided(leader, rule));
  if (why !== undefined) reasons.set(leader.cellKey, why);
  return reasons;
}

function decision(
  leader: CellSoFar,
  rival: CellSoFar,
  cells: number,
  { first, maximum, margin }: EnoughRule,
): Why | undefined {
  const own = new Map(rival.launches.map(({ block, values }) => [block, presentValue(mean(values))]));
  const blocks = leader.launches.flatMap(({ block, values }) => {
    const [a, b] = [presentValue(mean(values)), own.get(block)];
    return a === undefined || b === undefined ? [] : [{ a, b }];
  });
  const design = sequentialDesign(first, maximum, 1 - (1 - LEVEL) / (cells - 1));
  const level = presentValue(levelAtLook(design, blocks.length));
  if (level === undefined) return undefined;
  const { outcome } = compareSides({ kind: 'paired', blocks }, { margin, level });
  switch (outcome) {
    case 'faster':
      return { kind: 'slower', than: leader.cellKey };
    case 'equivalent':
      return { kind: 'equivalent', than: leader.cellKey };
    case 'slower':
    case 'undecided':
      return undefined;
  }
}

function narrowness({ launches }: CellSoFar, rule: EnoughRule): Why | undefined {
  if (rule.width === undefined) return undefined;
  const values = launches.map((launch) => launch.values);
  return isNarrow(values, sequentialDesign(rule.first, rule.maximum), rule.width)
    ? { kind: 'narrow' }
    : undefined;
}

const allDecided = ({ launches }: CellSoFar, { decided, first }: EnoughRule): Why | undefined =>
  decided && launches.length >= first ? { kind: 'rivals-decided' } : undefined;

const speed = ({ launches }: CellSoFar): number =>
  presentValue(mean(presentValues(launches.map(({ values }) => mean(values))))) ?? 0;
