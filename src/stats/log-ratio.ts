/**
 * The ratio of two positive quantities on the scale of logarithms, where it is a difference: its centre, the standard
 * error of the centre and the degrees of freedom that the error rests on. Two designs:
 * - paired: both sides ran in the same blocks; one difference of logarithms per block, so that a slow quarter of an hour,
 *   which multiplies both sides, cancels. Source: Cox, "Planning of Experiments" (1958), chapter 3, on blocking.
 * - unpaired: launch means of two sides that share no block; Welch's t, which allows unequal variances. Source: Welch,
 *   "The generalization of Student's problem when several different population variances are involved", Biometrika 34
 *   (1947). What happened to the machine between the two sides is not in its error.
 * The centre is the geometric mean of ratios (Fleming, Wallace, "How not to lie with statistics", CACM 29, 1986).
 */
import type { Words } from '../kernel/language.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import type { Estimate } from './estimate.ts';
import { mean, variance } from './moments.ts';
import { twoSidedFactor } from './student-t.ts';

/** Means of both sides in one block; both positive, in the same unit. */
export interface PairedBlock {
  readonly a: number;
  readonly b: number;
}

export interface LogRatio {
  /** Natural logarithm of a / b. */
  readonly centre: number;
  /** Missing, with the reason, where the data carry none (a single block, a side with a single launch). */
  readonly error: Maybe<StandardError>;
  /** Blocks where paired, launches of both sides where not. */
  readonly units: number;
  /** How it was made, e.g. `t over 5 logarithms of ratios paired by block`. */
  readonly rule: Words;
}

export interface StandardError {
  /** Of the centre, on the scale of logarithms; 0 where nothing varies. */
  readonly standardError: number;
  /** At least 1; a fraction where Welch's. */
  readonly degrees: number;
}

/** a / b over blocks in which both are positive. Missing without such a block. */
export function pairedLogRatio(blocks: readonly PairedBlock[]): Maybe<LogRatio> {
  const logarithms = blocks.filter(({ a, b }) => a > 0 && b > 0).map(({ a, b }) => Math.log(a / b));
  const centre = mean(logarithms);
  if (centre.kind === 'missing')
    return missing({ en: 'no block in which both were measured', ja: '両方を測定したブロックがありません' });
  const units = logarithms.length;
  const spread = variance(logarithms);
  return present({
    centre: centre.value,
    error:
      spread.kind === 'missing'
        ? missing({ en: 'no interval: single block', ja: '区間なし: ブロックが 1 つだけ' })
        : present({ standardError: Math.sqrt(spread.value / units), degrees: units - 1 }),
    units,
    rule: {
      en: `t over ${units} logarithms of ratios paired by block`,
      ja: `ブロックで対にした比の対数 ${units} 個に対する t 分布`,
    },
  });
}

/** a / b over launch means that share no block; those that are not positive are left out. */
export function unpairedLogRatio(a: readonly number[], b: readonly number[]): Maybe<LogRatio> {
  const [logA, logB] = [a, b].map((values) => values.filter((value) => value > 0).map(Math.log));
  const [meanA, meanB] = [mean(logA ?? []), mean(logB ?? [])];
  if (logA === undefined || logB === undefined || meanA.kind === 'missing' || meanB.kind === 'missing')
    return missing({ en: 'a side was not measured', ja: '片方が測定されていません' });
  const error = welch(logA, logB);
  const degrees = error.kind === 'value' ? error.value.degrees.toFixed(1) : undefined;
  return present({
    centre: meanA.value - meanB.value,
    error,
    units: logA.length + logB.length,
    rule: {
      en: `Welch's t over logarithms of ${logA.length} and ${logB.length} launch means, not paired${degrees === undefined ? '' : `, ${degrees} degrees of freedom`}`,
      ja: `起動平均 ${logA.length} 個と ${logB.length} 個の対数に対する Welch の t 分布、対にせず${degrees === undefined ? '' : `、自由度 ${degrees}`}`,
    },
  });
}

function welch(a: readonly number[], b: readonly number[]): Maybe<StandardError> {
  const [spreadA, spreadB] = [variance(a), variance(b)];
  if (spreadA.kind === 'missing' || spreadB.kind === 'missing')
    return missing({ en: 'no interval: a side has a single launch', ja: '区間なし: 片方の起動が 1 回だけ' });
  const [errorA, errorB] = [spreadA.value / a.length, spreadB.value / b.length];
  const total = errorA + errorB;
  if (total === 0) return present({ standardError: 0, degrees: a.length + b.length - 2 });
  const degrees = total ** 2 / (errorA ** 2 / (a.length - 1) + errorB ** 2 / (b.length - 1));
  return present({ standardError: Math.sqrt(total), degrees });
}

/** The ratio itself with its interval: asymmetric, never 0 or less; `launches` counts units. */
export function ratioEstimate({ centre, error, units, rule }: LogRatio, level: number): Estimate {
  const half =
    error.kind === 'missing'
      ? error
      : present(twoSidedFactor(level, error.value.degrees) * error.value.standardError);
  return {
    mean: Math.exp(centre),
    interval:
      half.kind === 'missing'
        ? half
        : present({ low: Math.exp(centre - half.value), high: Math.exp(centre + half.value), level }),
    launches: units,
    repeats: units,
    rule,
    origin: 'measured',
  };
}
