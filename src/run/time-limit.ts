/**
 * The budget of an invocation as a limit of time. A launch begins only where it is expected to end in time; what takes
 * longer than was expected, a load or a generation of a length that nobody knows, is ended by a deadline shortly after
 * the budget, and is no failure. What was measured before it stays.
 */
import type { Failure } from '../protocol/failure.ts';

/**
 * What has begun may go on for this share of the budget after its end: most of what is under way ends within it. The rest of
 * the 5 % to which a budget is kept is for stopping a worker.
 */
const OVERTIME_SHARE = 0.02;

export interface TimeLimit {
  /** Milliseconds of the invocation; undefined without a budget. */
  readonly budget_ms: number | undefined;
  /** Milliseconds of the budget that are left, below 0 after its end; undefined without one. */
  left_ms(): number | undefined;
  /** Whether the budget is spent: nothing further is begun. */
  isUp(): boolean;
  /** The deadline, in ms from now, of something that may take `own_ms` by itself. At least 1. */
  deadline_ms(own_ms: number): number;
}

/** @param elapsed_ms since the invocation began */
export function timeLimit(budget_ms: number | undefined, elapsed_ms: () => number): TimeLimit {
  const left_ms = (): number | undefined => (budget_ms === undefined ? undefined : budget_ms - elapsed_ms());
  return {
    budget_ms,
    left_ms,
    isUp: () => (left_ms() ?? 1) <= 0,
    deadline_ms: (own_ms) => {
      const left = left_ms();
      if (left === undefined || budget_ms === undefined) return own_ms;
      return Math.max(1, Math.min(own_ms, Math.round(left + OVERTIME_SHARE * budget_ms)));
    },
  };
}

/** Whether a failure is the budget's doing: a time-out at a deadline that was earlier than the `own_ms` of what failed. */
export const isBeyondBudget = (failure: Failure, deadline_ms: number, own_ms: number): boolean =>
  failure.cause === 'timeout' && deadline_ms < own_ms;
