/** What a progress view shows, as plain data: a fold over the events of a run. Pure; times are handed in. */
import { assertNever } from '../../kernel/errors.ts';
import type { RunEvent } from '../../run/events.ts';

export interface ProgressState {
  readonly start_ms: number;
  readonly cells: number;
  /** Launches of this invocation. */
  readonly launches: number;
  readonly launchesEnded: number;
  readonly estimated_ms: number;
  /** When the budget ends; undefined without one. */
  readonly deadline_ms: number | undefined;
  readonly phase: 'explore' | 'confirm';
  readonly round: number;
  readonly launch: string | undefined;
  readonly stage: { readonly name: string; readonly fraction: number } | undefined;
  readonly lastRepeat: string | undefined;
  readonly failures: number;
}

export function startProgress(now_ms: number): ProgressState {
  return {
    start_ms: now_ms,
    cells: 0,
    launches: 0,
    launchesEnded: 0,
    estimated_ms: 0,
    deadline_ms: undefined,
    phase: 'explore',
    round: 0,
    launch: undefined,
    stage: undefined,
    lastRepeat: undefined,
    failures: 0,
  };
}

/** The state after `event`, which arrived at `now_ms`. */
export function advanceProgress(state: ProgressState, event: RunEvent, now_ms: number): ProgressState {
  switch (event.kind) {
    case 'run-planned':
      return {
        ...state,
        cells: event.cells,
        launches: event.launches,
        estimated_ms: event.estimated_ms,
        deadline_ms: event.budget_ms === undefined ? undefined : now_ms + event.budget_ms,
      };
    case 'stage':
      return { ...state, stage: event.fraction >= 1 ? undefined : event };
    case 'launch-started':
      return {
        ...state,
        round: event.round,
        launches: event.of,
        launch: [event.model, event.engine, event.precision].filter((word) => word !== undefined).join(' '),
        lastRepeat: undefined,
        stage: undefined,
      };
    case 'repeat':
      return {
        ...state,
        lastRepeat: `${event.label ?? event.cellKey}: ${event.throughput.toFixed(1)} tokens/s`,
      };
    case 'launch-ended':
      return { ...state, launchesEnded: state.launchesEnded + 1, launch: undefined, stage: undefined };
    case 'failure':
      return { ...state, failures: state.failures + 1 };
    case 'round-ended':
      return { ...state, round: event.round };
    case 'phase-changed':
      return { ...state, phase: event.phase };
    case 'budget':
      return {
        ...state,
        deadline_ms: now_ms + event.remaining_ms,
        launches: event.launches === undefined ? state.launches : state.launchesEnded + event.launches,
      };
    case 'finished':
      return { ...state, launch: undefined, stage: undefined };
    default:
      return assertNever(event, 'run event');
  }
}

/**
 * Time left: the plan's estimate before the first launch has ended, then the mean time of the launches so far; never
 * beyond the budget. Undefined where nothing is planned yet.
 */
export function remaining_ms(state: ProgressState, now_ms: number): number | undefined {
  if (state.launches === 0) return undefined;
  const elapsed_ms = now_ms - state.start_ms;
  const left = Math.max(0, state.launches - state.launchesEnded);
  const forecast_ms =
    state.launchesEnded === 0
      ? Math.max(0, state.estimated_ms - elapsed_ms)
      : (elapsed_ms / state.launchesEnded) * left;
  return state.deadline_ms === undefined
    ? forecast_ms
    : Math.max(0, Math.min(forecast_ms, state.deadline_ms - now_ms));
}
