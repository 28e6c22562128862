/** The straight line through points by ordinary least squares, with the t interval of its slope (textbook). */
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { type Interval, LEVEL } from './estimate.ts';
import { sum } from './moments.ts';
import { twoSidedFactor } from './student-t.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Slope {
  /** Unit of y per unit of x. */
  readonly slope: number;
  readonly interval: Interval;
}

/** Missing for fewer than three points, or where all x are equal. */
export function slope(points: readonly Point[], level: number = LEVEL): Maybe<Slope> {
  const count = points.length;
  if (count < 3) return missing({ en: 'needs three points', ja: '点が 3 つ必要です' });
  const meanX = sum(points.map(({ x }) => x)) / count;
  const meanY = sum(points.map(({ y }) => y)) / count;
  const spreadX = sum(points.map(({ x }) => (x - meanX) ** 2));
  if (spreadX === 0) return missing({ en: 'all points have the same x', ja: 'すべての点の x が同じです' });
  const value = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spreadX;
  const residuals = sum(points.map(({ x, y }) => (y - meanY - value * (x - meanX)) ** 2));
  const half = twoSidedFactor(level, count - 2) * Math.sqrt(residuals / (count - 2) / spreadX);
  return present({ slope: value, interval: { low: value - half, high: value + half, level } });
}
