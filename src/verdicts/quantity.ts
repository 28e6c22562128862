/** Quantities of cells as contrasts over rounds, tested against the bounds of a claim. */
import type { Words } from '../kernel/language.ts';
import { type Maybe, mapMaybe, missing, present } from '../kernel/maybe.ts';
import { type Contrast, type ContrastTerm, contrast } from '../stats/contrast.ts';
import { type Estimate, LEVEL } from '../stats/estimate.ts';
import type { StandardError } from '../stats/log-ratio.ts';
import { twoSidedFactor, upperTail } from '../stats/student-t.ts';
import type { Bounds } from './claim.ts';
import { all, type Evidence, NO_EVIDENCE, type Part } from './evidence.ts';
import { type ObservedCell, roundsOf } from './observed.ts';
import type { SpreadModel } from './spread.ts';

/** A cell with its weight in a contrast of logarithms of a metric. */
export interface WeightedCell {
  readonly cell: ObservedCell;
  readonly weight: number;
  readonly metric: string;
}

/**
 * The part of a claim that bounds a ratio: the exponential of a contrast of logarithms. It is shown with its own interval,
 * and tested with the spread that `spread` gives it.
 */
export function ratioPart(
  name: Words,
  cells: readonly WeightedCell[],
  bounds: Bounds,
  spread: SpreadModel,
): Part {
  const value = contrast(cells.map(({ cell, weight, metric }) => logTerm(cell, weight, metric)));
  return {
    effect: {
      name,
      value: mapMaybe(value, (found) => estimateOf(found, Math.exp)),
      bound: boundsText(bounds),
      unit: { en: 'ratio', ja: '比' },
    },
    evidence: boundedEvidence(
      mapMaybe(value, (found) => withSpread(found, cells, spread)),
      { atLeast: logOf(bounds.atLeast), atMost: logOf(bounds.atMost) },
    ),
  };
}

/** Sides that share no rounds keep the error that they have. */
const withSpread = (found: Contrast, terms: readonly WeightedCell[], spread: SpreadModel): Contrast =>
  found.paired
    ? { ...found, error: mapMaybe(found.error, (error) => spread({ terms, error, rounds: found.units })) }
    : found;

const logTerm = (cell: ObservedCell, weight: number, metric: string): ContrastTerm => ({
  weight,
  rounds: roundsOf(cell, metric, Math.log),
});

const logOf = (bound: number | undefined): number | undefined =>
  bound === undefined ? undefined : Math.log(bound);

/** Evidence that the contrast lies within `bounds`, both ends included. */
export function boundedEvidence(value: Maybe<Contrast>, { atLeast, atMost }: Bounds): Evidence {
  if (value.kind === 'missing' || value.value.error.kind === 'missing') return NO_EVIDENCE;
  const { centre } = value.value;
  const error = value.value.error.value;
  return all([
    ...(atLeast === undefined ? [] : [oneSided(centre - atLeast, error)]),
    ...(atMost === undefined ? [] : [oneSided(atMost - centre, error)]),
  ]);
}

/** Evidence that a distance is 0 or more. Without spread it is certain. */
function oneSided(distance: number, { standardError, degrees }: StandardError): Evidence {
  if (standardError === 0)
    return distance >= -ROUNDING ? { support: 0, refute: 1 } : { support: 1, refute: 0 };
  const t = distance / standardError;
  return { support: upperTail(t, degrees), refute: upperTail(-t, degrees) };
}

/** Differences of exact values are not exact in floating point. */
const ROUNDING = 1e-9;

/** The contrast as an estimate, on the scale of `f` (rising). */
export function estimateOf(
  { centre, error, units, paired }: Contrast,
  f: (value: number) => number,
): Estimate {
  const half = mapMaybe(error, (own) => twoSidedFactor(LEVEL, own.degrees) * own.standardError);
  return {
    mean: f(centre),
    interval:
      half.kind === 'missing'
        ? missing(half.reason)
        : present({ low: f(centre - half.value), high: f(centre + half.value), level: LEVEL }),
    launches: units,
    repeats: units,
    rule: paired
      ? { en: `t over ${units} rounds, paired`, ja: `対にしたラウンド ${units} 回に対する t 分布` }
      : {
          en: `Welch's t over ${units} launches, not paired`,
          ja: `対にしない起動 ${units} 回に対する Welch の t 分布`,
        },
    origin: 'measured',
  };
}

/** `at least 1.5`, `at most 0.9`, `0.95 to 1.05`. */
export function boundsText({ atLeast, atMost }: Bounds): Words {
  if (atLeast !== undefined && atMost !== undefined) {
    const [low, high] = [number(atLeast), number(atMost)];
    return { en: `${low} to ${high}`, ja: `${low}〜${high}` };
  }
  if (atLeast === undefined) {
    const most = number(atMost ?? Number.NaN);
    return { en: `at most ${most}`, ja: `${most} 以下` };
  }
  return { en: `at least ${number(atLeast)}`, ja: `${number(atLeast)} 以上` };
}

const number = (value: number): string => String(Number(value.toPrecision(3)));
