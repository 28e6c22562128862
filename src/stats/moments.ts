/**
 * Mean and variance of doubles by the two-pass algorithm with Chan's correction for the rounding of the mean.
 * Source: Chan, Golub, LeVeque, "Algorithms for computing the sample variance", The American Statistician 37 (1983),
 * equation 1.7. Never the one-pass sum of squares, and never integers: squares of nanoseconds exceed 2^64, which is
 * how a known peer prints a standard deviation of seconds for samples that differ by milliseconds.
 */
import { type Maybe, missing, NO_VALUES, present } from '../kernel/maybe.ts';

/** Arithmetic mean, in the unit of `values`; missing for no values. */
export function mean(values: readonly number[]): Maybe<number> {
  if (values.length === 0) return missing(NO_VALUES);
  const first = sum(values) / values.length;
  // The residual sum would be 0 in exact arithmetic; adding it back removes the rounding of the first pass.
  let residual = 0;
  for (const value of values) residual += value - first;
  return present(first + residual / values.length);
}

/** Sample variance (divisor n - 1), in the squared unit of `values`; missing for fewer than two values. */
export function variance(values: readonly number[]): Maybe<number> {
  const centre = mean(values);
  if (centre.kind === 'missing') return centre;
  if (values.length < 2)
    return missing({ en: 'one value has no variance', ja: '値が 1 つではばらつきがわかりません' });
  let squares = 0;
  let residual = 0;
  for (const value of values) {
    const deviation = value - centre.value;
    squares += deviation * deviation;
    residual += deviation;
  }
  const correction = residual ** 2 / values.length;
  return present(Math.max(0, squares - correction) / (values.length - 1));
}

/** Sum of what `of` makes of each item (0 for none), without a list of it: reports ask a million times. */
export function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += of(item);
  return total;
}

/** Sum of doubles (0 for none). */
export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
