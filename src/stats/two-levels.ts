/**
 * How many repeats of a launch are worth their time. A launch mean of n repeats has the variance A + W / n, A between
 * launches and W within one; where a launch costs c repeats before its first, the variance that a given time leaves is
 * least at n = sqrt(c W / A). Sources: Cochran, "Sampling Techniques" (1977), section 10.6 (subunits of two-stage sampling);
 * Kalibera, Jones, "Rigorous benchmarking in reasonable time" (ISMM 2013), for launches and repeats.
 *
 * Variances are of logarithms, so that cells of different speed are of one unit. Repeats that resemble their neighbours need no
 * correlation of their own here: they differ little within a launch, and what they share counts as between launches.
 */
import { type Maybe, missing, present, presentValue, presentValues } from '../kernel/maybe.ts';
import { type LaunchValues, pooledWithin } from './launch-spread.ts';
import { mean, sum, variance } from './moments.ts';

/** Variances of logarithms of positive values. */
export interface TwoLevels {
  /** Between launches, beyond what their repeats explain and what all launches of a block share; 0 is an estimate. */
  readonly between: number;
  /** Between the repeats of one launch. */
  readonly within: number;
}

/**
 * From launches of one cell, or of several that ran in the same blocks (cell by cell, each in the order of the blocks and with
 * as many). What a block does to all of its launches, and what sets the cells apart, is taken out; so the estimate does not
 * depend on how far apart the cells are. Missing with fewer than two blocks, or where no launch has two repeats.
 */
export function twoLevels(cells: readonly (readonly LaunchValues[])[]): Maybe<TwoLevels> {
  const logs = cells.map((launches) => launches.map((values) => values.map(Math.log)));
  const blocks = Math.min(...logs.map(({ length }) => length));
  if (logs.length === 0 || blocks < 2)
    return missing({ en: 'needs two blocks', ja: 'ブロックが 2 つ必要です' });
  const launches = logs.flatMap((own) => own.slice(0, blocks));
  const within = pooledWithin(launches);
  if (within === undefined)
    return missing({ en: 'no launch has two repeats', ja: '反復が 2 回以上の起動がありません' });
  const spread = residualSpread(logs.map((own) => presentValues(own.slice(0, blocks).map(mean))));
  const explained = (within * sum(launches.map(({ length }) => 1 / length))) / launches.length;
  return present({ between: Math.max(0, spread - explained), within });
}

/** Variance of one launch mean, row by row a cell and column by column a block, without the means of both. */
function residualSpread(rows: readonly (readonly number[])[]): number {
  const deviations = rows.map((row) => {
    const centre = presentValue(mean(row)) ?? Number.NaN;
    return row.map((value) => value - centre);
  });
  const [first = []] = deviations;
  if (rows.length === 1) return presentValue(variance(first)) ?? Number.NaN;
  const shared = first.map((_, block) =>
    presentValue(mean(deviations.map((row) => row[block] ?? Number.NaN))),
  );
  const squares = deviations.flatMap((row) =>
    row.map((value, block) => (value - (shared[block] ?? Number.NaN)) ** 2),
  );
  return sum(squares) / ((rows.length - 1) * (first.length - 1));
}

/**
 * The best number of repeats, unrounded: 0 where repeats of a launch do not differ, infinite where launches do not.
 * @param launchCost time before the first repeat of a launch, in repeats
 */
export function bestRepeats({ between, within }: TwoLevels, launchCost: number): number {
  if (within === 0) return 0;
  return between === 0 ? Number.POSITIVE_INFINITY : Math.sqrt((launchCost * within) / between);
}
