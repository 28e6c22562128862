/**
 * When a disturbed repeat is measured again: right away, in the same launch, a bounded number of times, and only where
 * the time left allows it. So a machine that is never quiet costs two repeats more per cell and launch, not the budget.
 */

/** Repeats that re-measure disturbed ones, per cell and launch. */
export const MAXIMUM_REMEASURES = 2;
/** One of them may take at most this share of the time that is left. */
const SHARE_OF_TIME_LEFT = 0.1;

export interface RemeasureQuestion {
  /** Repeats that re-measured something in this cell and launch. */
  readonly done: number;
  /** Of the repeat that was disturbed. */
  readonly duration_ms: number;
  /** Left of the budget; undefined without one. */
  readonly remaining_ms: number | undefined;
}

export const mayRemeasure = ({ done, duration_ms, remaining_ms }: RemeasureQuestion): boolean =>
  done < MAXIMUM_REMEASURES &&
  (remaining_ms === undefined || duration_ms <= SHARE_OF_TIME_LEFT * remaining_ms);
