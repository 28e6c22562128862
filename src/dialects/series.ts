/** Statistics of a series of values as peers print them: mean, median, deviation, percentiles by the peer's own rule. */
import type { Words } from '../kernel/language.ts';
import { type Maybe, mapMaybe, missing, NO_VALUES, present } from '../kernel/maybe.ts';
import type { Metric } from '../metrics/metric.ts';
import { mean, sum, variance } from '../stats/moments.ts';
import { quantile, sorted } from '../stats/quantiles.ts';
import type { DialectMetric, Relation } from './dialect.ts';
import type { DialectRequest, DialectRun } from './run.ts';
import { requestsOf } from './run.ts';

/** A statistic over values in nanoseconds, in seconds. */
export interface Statistic {
  /** How it is written in a formula: `mean`, `p99`. */
  readonly word: string;
  compute(values_ns: readonly number[]): Maybe<number>;
}

const seconds = (values: Maybe<number>): Maybe<number> => mapMaybe(values, (ns) => ns / 1e9);

export const MEAN: Statistic = { word: 'mean', compute: (values) => seconds(mean(values)) };

/** Linear interpolation, numpy's default. */
export const linear = (p: number): Statistic => ({
  word: p === 0.5 ? 'median' : `p${p * 100}`,
  compute: (values) => seconds(quantile(values, p)),
});

/** numpy's `std`: divisor n, not n - 1. */
export const POPULATION_DEVIATION: Statistic = {
  word: 'standard deviation (divisor n)',
  compute: (values) => {
    const centre = mean(values);
    if (centre.kind === 'missing') return centre;
    return present(Math.sqrt(sum(values.map((value) => (value - centre.value) ** 2)) / values.length) / 1e9);
  },
};

/** Divisor n - 1; 0 for one value, as llama-bench has it. */
export function sampleDeviation(values: readonly number[]): Maybe<number> {
  if (values.length === 1) return present(0);
  return mapMaybe(variance(values), Math.sqrt);
}

/** The element at index floor(n * p) of the ascending values. */
export const floorIndex = (p: number): Statistic => ({
  word: `p${p * 100} at index floor(n p)`,
  compute: (values) => {
    const value = sorted(values)[Math.floor(values.length * p)];
    return value === undefined ? missing(NO_VALUES) : present(value / 1e9);
  },
});

export interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/** Sum of value times weight over the sum of weights, in the unit of the values. */
export function weightedMean(values: readonly Weighted[]): Maybe<number> {
  const total = sum(values.map(({ weight }) => weight));
  if (!(total > 0)) return missing(NO_VALUES);
  return present(sum(values.map(({ value, weight }) => value * weight)) / total);
}

/** The least value whose share of the weight reaches `p`: the inverse distribution function, no interpolation. */
export function weightedQuantile(values: readonly Weighted[], p: number): Maybe<number> {
  const ascending = values.filter(({ weight }) => weight > 0).sort((a, b) => a.value - b.value);
  const total = sum(ascending.map(({ weight }) => weight));
  let reached = 0;
  for (const { value, weight } of ascending) {
    reached += weight;
    // The peer compares shares that were rounded as they were summed; a hair below is still reached.
    if (reached / total >= p - 1e-12) return present(value);
  }
  return missing(NO_VALUES);
}

export const MILLISECONDS: Pick<Metric, 'storedUnit' | 'shown' | 'better'> = {
  storedUnit: 's',
  shown: { unit: 'ms', scale: 1000, digits: 2 },
  better: 'lower',
};

export const SECONDS: Pick<Metric, 'storedUnit' | 'shown' | 'better'> = {
  storedUnit: 's',
  shown: { unit: 's', scale: 1, digits: 3 },
  better: 'lower',
};

export const perSecondOf = (things: string): Pick<Metric, 'storedUnit' | 'shown' | 'better'> => ({
  storedUnit: `${things}/s`,
  shown: { unit: `${things}/s`, scale: 1, digits: 1 },
  better: 'higher',
});

export interface TimeSeries {
  /** What one value is, for the definition: `Per request, ...`. */
  readonly definition: string;
  readonly formula: string;
  /** Values of one request in nanoseconds; none where it has none. */
  readonly values_ns: (request: DialectRequest) => readonly number[];
  readonly shown?: typeof MILLISECONDS;
}

/** One metric per statistic of a series over all requests of a run. */
export function statisticsOf(
  series: TimeSeries,
  wanted: readonly (readonly [name: string, statistic: Statistic, relation: Relation])[],
): DialectMetric[] {
  return wanted.map(([name, statistic, relation]) => ({
    name,
    definition: series.definition,
    formula: `${statistic.word}(${series.formula})`,
    ...(series.shown ?? MILLISECONDS),
    relation,
    compute: (run: DialectRun) => statistic.compute(requestsOf(run).flatMap(series.values_ns)),
  }));
}

export const same = (own: string): Relation => ({ kind: 'same', own });
export const differs = (own: string, difference: Words): Relation => ({ kind: 'differs', own, difference });
export const none = (difference: Words): Relation => ({ kind: 'none', difference });
