/**
 * Which of several is the fastest, for many contests at once: in each, the leader is compared with every rival, and the
 * data chose the leader. Naming the wrong one as fastest needs that some other is found faster than the truly fastest,
 * which has k - 1 chances among k; so the p-value of "the leader is the fastest" is k - 1 times the largest p-value of
 * its comparisons (two-sided, so that it holds for equals too), whichever the leader is. Over the contests it is
 * adjusted by Holm's procedure (`holm.ts`): one wrong name or more has a probability of at most alpha.
 *
 * Where the leader is not shown to be the fastest, a rival is ruled out when Bonferroni's bound over the contests that
 * are left and the k - 1 rivals finds it slower; what is left are the contenders. A rival that is shown to be within the
 * margin of the leader (two one-sided tests, Bonferroni over the pairs of the contest and all contests) stays one, slower
 * or not: that little does not matter.
 *
 * Tests of paired comparisons hold their spread together with that of all others of the table (`moderated-variance.ts`):
 * three blocks say little of how much a comparison varies, and dozens on the same machine in the same hours say it well.
 * Sources: Hsu, "Simultaneous confidence intervals for all distances from the 'best'", Annals of Statistics 9 (1981);
 * Shaffer, "Control of directional errors with stagewise multiple test procedures", Annals of Statistics 8 (1980).
 */
import { presentValue } from '../kernel/maybe.ts';
import { type Comparison, compareSides, pairedVariance, type Sides } from './comparison.ts';
import { LEVEL } from './estimate.ts';
import { holmAdjusted } from './holm.ts';
import { type VarianceEstimate, variancePrior } from './moderated-variance.ts';

/** The leader (a) against one rival (b); values are positive, higher is faster. */
export interface Duel {
  readonly sides: Sides;
  /** Coverage of its interval; by default that of the rule. Stricter where the sides were looked at while they came in. */
  readonly level?: number;
}

export interface ContestRule {
  /** Above 0; 0.02: ratios in [1 / 1.02, 1.02] count as equal. */
  readonly margin: number;
  /** 1 - alpha over all contests. By default 0.95. */
  readonly level?: number;
}

export interface ContestResult {
  /**
   * `alone`: there is no rival. `fastest`: faster than every rival. `equal`: as good as the contenders, which are all
   * within the margin. `undecided`: the fastest is the leader or one of the contenders.
   */
  readonly outcome: 'alone' | 'fastest' | 'equal' | 'undecided';
  /** Leader against each rival: ratios with their own intervals, p-values for one comparison, with the table's spread. */
  readonly duels: readonly Comparison[];
  /** Indices of the rivals that may be chosen as well. */
  readonly contenders: readonly number[];
  /**
   * The largest confidence at which all contests together would still say this (of `undecided`: would name the leader as
   * the fastest), in [0, 1]; undefined without a rival.
   */
  readonly confidence: number | undefined;
}

/**
 * Decides all contests together; each is the leader's duels with its rivals, none or more. A duel that stands in several of
 * them is the same object there.
 */
export function decideContests(
  contests: readonly (readonly Duel[])[],
  { margin, level = LEVEL }: ContestRule,
): ContestResult[] {
  const alpha = 1 - level;
  const ensemble = variancePrior([...new Set(contests.flat())].flatMap(varianceOf));
  const fought = contests.map((duels) =>
    duels.map((duel) => foughtDuel(duel, { margin, level }, duels.length, ensemble)),
  );
  const contested = fought.filter((duels) => duels.length > 0);
  const adjusted = holmAdjusted(contested.map((duels) => Math.max(...duels.map(({ slower }) => slower))));
  const pOf = new Map(contested.map((duels, index) => [duels, adjusted[index] ?? 1]));
  const left = adjusted.filter((p) => p > alpha).length;
  return fought.map((duels): ContestResult => {
    const comparisons = duels.map(({ comparison }) => comparison);
    const pFastest = pOf.get(duels);
    if (pFastest === undefined) {
      return { outcome: 'alone', duels: comparisons, contenders: [], confidence: undefined };
    }
    const pWithin = duels.map(({ within }) => Math.min(1, contested.length * within));
    const isWithin = (index: number): boolean => (pWithin[index] ?? 1) <= alpha;
    const isSlower = ({ slower }: FoughtDuel): boolean => pFastest <= alpha || left * slower <= alpha;
    const contenders = duels.flatMap((one, index) => (isSlower(one) && !isWithin(index) ? [] : [index]));
    if (contenders.length === 0) {
      return { outcome: 'fastest', duels: comparisons, contenders, confidence: 1 - pFastest };
    }
    if (contenders.every(isWithin)) {
      const p = Math.max(...contenders.map((index) => pWithin[index] ?? 1));
      return { outcome: 'equal', duels: comparisons, contenders, confidence: 1 - p };
    }
    return { outcome: 'undecided', duels: comparisons, contenders, confidence: 1 - pFastest };
  });
}

function varianceOf({ sides }: Duel): VarianceEstimate[] {
  const variance = sides.kind === 'paired' ? pairedVariance(sides.blocks) : undefined;
  return variance === undefined ? [] : [variance];
}

interface FoughtDuel {
  readonly comparison: Comparison;
  /** p-value of "the rival is slower", for its contest. */
  readonly slower: number;
  /** p-value of "both are within the margin", for its contest. */
  readonly within: number;
}

function foughtDuel(
  duel: Duel,
  { margin, level }: Required<ContestRule>,
  rivals: number,
  ensemble: VarianceEstimate | undefined,
): FoughtDuel {
  const own = Math.max(level, duel.level ?? level);
  const sides: Sides =
    duel.sides.kind === 'paired' && ensemble !== undefined ? { ...duel.sides, ensemble } : duel.sides;
  const comparison = compareSides(sides, { margin, level: own });
  // A look of many has less error to spend than the only one.
  const share = (1 - level) / (1 - own);
  const p = (value: Comparison['pDifferent'], times: number): number =>
    Math.min(1, (presentValue(value) ?? 1) * share * times);
  const isAhead = (presentValue(comparison.ratio)?.mean ?? 0) > 1;
  return {
    comparison,
    slower: isAhead ? p(comparison.pDifferent, rivals) : 1,
    within: p(comparison.pEquivalent, (rivals * (rivals + 1)) / 2),
  };
}
