/**
 * Comparisons of two sides, one or a family of them: the ratio with its interval, what it amounts to (faster, slower,
 * equivalent within a margin, undecided), and the smallest difference that this many launches could have found.
 *
 * Each comparison asks two questions, as p-values:
 * - different: ratio = 1 is tested two-sided by t on the logarithms;
 * - equivalent: ratio <= 1 / (1 + margin) and ratio >= 1 + margin are both tested one-sided (Schuirmann, "A comparison of
 *   the two one-sided tests procedure ...", J. Pharmacokinetics and Biopharmaceutics 15, 1987), each at half of alpha, so
 *   that a single comparison is equivalent exactly where its interval lies within the margin (not where the test borrows from
 *   an ensemble: the interval is then its own).
 * Over a family, each question's p-values are adjusted by Holm's procedure (`holm.ts`): the probability of one false
 * "different" or more is at most alpha, and so is that of one false "equivalent" or more. Intervals stay at the level of
 * one comparison. The sign of a difference is read from the estimate; for independent comparisons Holm's procedure
 * controls errors of sign too (Shaffer, "Control of directional errors with stagewise multiple test procedures", Annals
 * of Statistics 8, 1980).
 */
import { type Maybe, mapMaybe, missing, NOT_MEASURED, presentValue } from '../kernel/maybe.ts';
import { type Estimate, LEVEL } from './estimate.ts';
import { holmAdjusted } from './holm.ts';
import {
  type LogRatio,
  type PairedBlock,
  pairedLogRatio,
  ratioEstimate,
  type StandardError,
  unpairedLogRatio,
} from './log-ratio.ts';
import { moderated, type VarianceEstimate } from './moderated-variance.ts';
import type { ComparisonOutcome } from './outcome.ts';
import { detectableFactor } from './power.ts';
import { upperTail } from './student-t.ts';

/** What was measured of both sides; values are positive and of one unit, higher is faster. */
export type Sides =
  | {
      readonly kind: 'paired';
      readonly blocks: readonly PairedBlock[];
      /** What many like comparisons say of the variance of `pairedVariance`: tests borrow from it, the interval does not. */
      readonly ensemble?: VarianceEstimate;
    }
  /** Launch means that share no block, with the reason why. */
  | {
      readonly kind: 'unpaired';
      readonly a: readonly number[];
      readonly b: readonly number[];
      readonly reason: string;
    };

export interface ComparisonRule {
  /** Above 0; 0.02: ratios in [1 / 1.02, 1.02] count as equal. */
  readonly margin: number;
  /** Coverage of one interval, and 1 - alpha of the family. By default 0.95. */
  readonly level?: number;
}

export interface Comparison {
  readonly design: Sides['kind'];
  /** a / b: above 1 = a is faster. Its interval is at `level`, for itself alone. */
  readonly ratio: Maybe<Estimate>;
  readonly outcome: ComparisonOutcome;
  /** p-value of "different", adjusted for the family. */
  readonly pDifferent: Maybe<number>;
  /** p-value of "equivalent", adjusted for the family; doubled, see the header. */
  readonly pEquivalent: Maybe<number>;
  /**
   * Above 1: a true ratio of this or its inverse is found in about 80 % of experiments of this size, at the level of Holm's
   * first step and without an ensemble.
   */
  readonly minimumDetectableRatio: Maybe<number>;
  /** Comparisons of the family that have a p-value, this one included. */
  readonly family: number;
}

/** One comparison, a family of its own. */
export function compareSides(sides: Sides, rule: ComparisonRule): Comparison {
  const [only] = compareFamily([sides], rule);
  if (only === undefined) throw new RangeError('one comparison in, none out');
  return only;
}

/** A family of comparisons, decided together; results in the order of `all`. */
export function compareFamily(
  all: readonly Sides[],
  { margin, level = LEVEL }: ComparisonRule,
): Comparison[] {
  const ratios = all.map(logRatioOf);
  const tested = all.map((sides, i) => testsOf(ratios[i] ?? missing(NOT_MEASURED), sides, margin));
  const different = adjusted(tested.map((tests) => mapMaybe(tests, ({ different: p }) => p)));
  const equivalent = adjusted(tested.map((tests) => mapMaybe(tests, ({ equivalent: p }) => p)));
  const family = tested.filter(({ kind }) => kind === 'value').length;
  const alpha = 1 - level;
  return all.map(({ kind }, i) => {
    const ratio = ratios[i] ?? missing(NOT_MEASURED);
    const pDifferent = different[i] ?? missing(NOT_MEASURED);
    const pEquivalent = equivalent[i] ?? missing(NOT_MEASURED);
    return {
      design: kind,
      ratio: mapMaybe(ratio, (value) => ratioEstimate(value, level)),
      outcome: outcomeOf(presentValue(ratio), presentValue(pDifferent), presentValue(pEquivalent), alpha),
      pDifferent,
      pEquivalent,
      minimumDetectableRatio: mapMaybe(errorOf(ratio), ({ standardError, degrees }) =>
        Math.exp(standardError === 0 ? 0 : detectableFactor(degrees, 1 - alpha / family) * standardError),
      ),
      family,
    };
  });
}

const logRatioOf = (sides: Sides): Maybe<LogRatio> => {
  switch (sides.kind) {
    case 'paired':
      return pairedLogRatio(sides.blocks);
    case 'unpaired':
      return unpairedLogRatio(sides.a, sides.b);
  }
};

const errorOf = (ratio: Maybe<LogRatio>): Maybe<StandardError> =>
  ratio.kind === 'missing' ? ratio : ratio.value.error;

interface Tests {
  readonly different: number;
  readonly equivalent: number;
}

function testsOf(ratio: Maybe<LogRatio>, sides: Sides, margin: number): Maybe<Tests> {
  if (ratio.kind === 'missing') return ratio;
  const { centre, error, units } = ratio.value;
  const bound = Math.log1p(margin);
  return mapMaybe(error, (own) => {
    const tested = sides.kind === 'paired' ? moderatedError(own, units, sides.ensemble) : own;
    const equivalent = Math.max(tailBeyond(centre + bound, tested), tailBeyond(bound - centre, tested));
    return {
      different: Math.min(1, 2 * tailBeyond(Math.abs(centre), tested)),
      equivalent: Math.min(1, 2 * equivalent),
    };
  });
}

/** The variance of one block's logarithm of the ratio; undefined where there is none to estimate. */
export function pairedVariance(blocks: readonly PairedBlock[]): VarianceEstimate | undefined {
  const ratio = presentValue(pairedLogRatio(blocks));
  const error = ratio === undefined ? undefined : presentValue(ratio.error);
  return ratio === undefined || error === undefined
    ? undefined
    : { variance: error.standardError ** 2 * ratio.units, degrees: error.degrees };
}

function moderatedError(
  { standardError, degrees }: StandardError,
  units: number,
  ensemble: VarianceEstimate | undefined,
): StandardError {
  const found = moderated({ variance: standardError ** 2 * units, degrees }, ensemble);
  return { standardError: Math.sqrt(found.variance / units), degrees: found.degrees };
}

/** One-sided p-value of a distance of the centre from its hypothesis; without spread every distance is certain. */
function tailBeyond(distance: number, { standardError, degrees }: StandardError): number {
  if (standardError === 0) return distance > 0 ? 0 : 1;
  return upperTail(distance / standardError, degrees);
}

/** Holm over those that are present. */
function adjusted(values: readonly Maybe<number>[]): Maybe<number>[] {
  const present = values.flatMap((value, index) =>
    value.kind === 'value' ? [{ index, p: value.value }] : [],
  );
  const corrected = holmAdjusted(present.map(({ p }) => p));
  const byIndex = new Map(present.map(({ index }, rank) => [index, corrected[rank] ?? 1]));
  return values.map((value, index) => mapMaybe(value, () => byIndex.get(index) ?? 1));
}

/** A difference that is certain and within the margin is equivalent: too small to matter. */
function outcomeOf(
  ratio: LogRatio | undefined,
  pDifferent: number | undefined,
  pEquivalent: number | undefined,
  alpha: number,
): ComparisonOutcome {
  if (ratio === undefined || pDifferent === undefined || pEquivalent === undefined) return 'undecided';
  if (pEquivalent <= alpha) return 'equivalent';
  if (pDifferent > alpha) return 'undecided';
  return ratio.centre > 0 ? 'faster' : 'slower';
}
