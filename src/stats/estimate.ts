/** What a report may print: a value with its interval and the rule that made it. Never a bare number. */
import type { Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { IntervalMethod } from './interval-method.ts';
import type { LaunchSpread } from './launch-spread.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Nominal coverage, 0.95 for 95 %. */
  readonly level: number;
}

export interface Estimate {
  /** In the stored unit of the quantity. */
  readonly mean: number;
  /** Missing, with the reason, where the data carry none (a single launch). */
  readonly interval: Maybe<Interval>;
  /** Independent launches behind the value. */
  readonly launches: number;
  /** Repeats behind it, over all launches. */
  readonly repeats: number;
  /** How the interval was made, e.g. `t over 4 launch means`. */
  readonly rule: Words;
  /** The same as data, where the interval was made from launches. */
  readonly method?: IntervalMethod;
  /** Spread between and within the launches; from two launches on. */
  readonly spread?: LaunchSpread;
  /** `measured` here, `predicted` by a model of the performance, or `imported` from a file of another benchmark. */
  readonly origin: 'measured' | 'predicted' | 'imported';
}

/** The level of every interval that Hayasa prints. */
export const LEVEL = 0.95;

/** Half the interval's width over the mean's size; undefined without an interval or with mean 0. */
export function relativeHalfWidth(estimate: Estimate): number | undefined {
  if (estimate.interval.kind === 'missing' || estimate.mean === 0) return undefined;
  const { low, high } = estimate.interval.value;
  return (high - low) / 2 / Math.abs(estimate.mean);
}
