/**
 * What launch means leave over after their mean, or after a straight line through them in the order in which they ran.
 * The estimate stays their plain mean, which a line does not move (its value in the middle of the run); only the spread
 * about it changes: a steady drift of the machine is then not taken for noise.
 * Source: least squares as in any textbook (Cox, "Planning of Experiments", 1958, chapter 4, on adjusting for a trend).
 */
import { presentValue } from '../kernel/maybe.ts';
import { mean, sum } from './moments.ts';

export type Trend = 'mean' | 'line';

/** With fewer launches a line leaves too few degrees of freedom. */
export const LAUNCHES_FOR_LINE = 5;

export const trendFor = (launches: number): Trend => (launches < LAUNCHES_FOR_LINE ? 'mean' : 'line');

/** Parameters of the trend, which the residuals' degrees of freedom lose. */
export const parametersOf = (trend: Trend): number => (trend === 'mean' ? 1 : 2);

/** Values less the trend through them, in order; at least as many values as parameters. */
export function residuals(values: readonly number[], trend: Trend): number[] {
  const centre = presentValue(mean(values)) ?? Number.NaN;
  const deviations = values.map((value) => value - centre);
  if (trend === 'mean') return deviations;
  const places = centredPlaces(values.length);
  const slope =
    sum(deviations.map((deviation, i) => deviation * (places[i] ?? 0))) /
    sum(places.map((place) => place * place));
  return deviations.map((deviation, i) => deviation - slope * (places[i] ?? 0));
}

/** Variance about the trend, unbiased, for `launches` of equal variance. */
export function residualVariance(values: readonly number[], trend: Trend): number {
  const left = residuals(values, trend);
  // Rounding of the mean may leave a sum that is not 0: Chan's correction, as in `variance`.
  const squares = sum(left.map((one) => one * one)) - sum(left) ** 2 / left.length;
  return Math.max(0, squares) / (values.length - parametersOf(trend));
}

/** Entry (i, j) of the matrix that turns values into residuals. */
export function residualMaker(launches: number, trend: Trend): (i: number, j: number) => number {
  const places = centredPlaces(launches);
  const spread = sum(places.map((place) => place * place));
  return (i, j) => {
    const aboutMean = (i === j ? 1 : 0) - 1 / launches;
    return trend === 'mean' ? aboutMean : aboutMean - ((places[i] ?? 0) * (places[j] ?? 0)) / spread;
  };
}

/** Places of `count` launches in their order, 0 in the middle. */
export const centredPlaces = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => i - (count - 1) / 2);
