/** What a progress view shows, as plain data: a fold over the events of a run. Pure; times are handed in. */

import { assertNever } from '../../kernel/errors.ts';
import { inEvery, type Words } from '../../kernel/language.ts';
import type { RunEvent } from '../../run/events.ts';

export interface ProgressState {
  readonly start_ms: number;
  readonly cells: number;
  /** Launches of all ordinary rounds, as planned. */
  readonly launches: number;
  readonly launchesEnded: number;
  readonly estimated_ms: number;
  /** When the budget ends; undefined without one. */
  readonly budgetEnd_ms: number | undefined;
  /** When the time of the phase ends: the rounds leave some of the budget for confirmation. */
  readonly deadline_ms: number | undefined;
  readonly phase: 'explore' | 'confirm';
  readonly round: number;
  /** `3/6` within the round. */
  readonly place: string | undefined;
  /** When the first launch began; undefined before. */
  readonly measuringSince_ms: number | undefined;
  readonly launch: string | undefined;
  readonly stage: { readonly name: Words; readonly fraction: number } | undefined;
  readonly lastRepeat: Words | undefined;
  readonly failures: number;
}

export function startProgress(now_ms: number): ProgressState {
  return {
    start_ms: now_ms,
    cells: 0,
    launches: 0,
    launchesEnded: 0,
    estimated_ms: 0,
    budgetEnd_ms: undefined,
    deadline_ms: undefined,
    phase: 'explore',
    round: 0,
    place: undefined,
    measuringSince_ms: undefined,
    launch: undefined,
    stage: undefined,
    lastRepeat: undefined,
    failures: 0,
  };
}

const TOKENS_PER_SECOND: Words = { en: 'tokens/s', ja: 'トークン/秒' };

/** The state after `event`, which arrived at `now_ms`. */
export function advanceProgress(state: ProgressState, event: RunEvent, now_ms: number): ProgressState {
  switch (event.kind) {
    case 'run-planned': {
      const budgetEnd_ms = event.budget_ms === undefined ? undefined : now_ms + event.budget_ms;
      return {
        ...state,
        cells: event.cells,
        launches: event.launches,
        estimated_ms: event.estimated_ms,
        budgetEnd_ms,
        deadline_ms: budgetEnd_ms,
      };
    }
    case 'stage':
      return { ...state, stage: event.fraction >= 1 ? undefined : event };
    case 'launch-started':
      return {
        ...state,
        round: event.round,
        place: `${event.index}/${event.of}`,
        measuringSince_ms: state.measuringSince_ms ?? now_ms,
        launch: [event.model, event.engine, event.precision].filter((word) => word !== undefined).join(' '),
        lastRepeat: undefined,
        stage: undefined,
      };
    case 'repeat':
      return {
        ...state,
        lastRepeat: inEvery(
          (say) =>
            `${event.label === undefined ? event.cellKey : say(event.label)}: ${event.throughput.toFixed(1)} ${say(TOKENS_PER_SECOND)}`,
        ),
      };
    case 'launch-ended':
      return { ...state, launchesEnded: state.launchesEnded + 1, launch: undefined, stage: undefined };
    case 'failure':
      return { ...state, failures: state.failures + 1 };
    case 'round-ended':
      return { ...state, round: event.round };
    case 'quiet-gate':
      return event.state === 'waiting' ? state : { ...state, stage: undefined };
    case 'phase-changed':
      return { ...state, phase: event.phase, deadline_ms: state.budgetEnd_ms };
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
 * beyond the budget. Confirmation is not planned in advance, so there only the budget bounds it; undefined where nothing
 * does.
 */
export function remaining_ms(state: ProgressState, now_ms: number): number | undefined {
  const bounds = [
    forecast_ms(state, now_ms),
    state.deadline_ms === undefined ? undefined : state.deadline_ms - now_ms,
  ];
  const known = bounds.filter((bound) => bound !== undefined);
  return known.length === 0 ? undefined : Math.max(0, Math.min(...known));
}

function forecast_ms(state: ProgressState, now_ms: number): number | undefined {
  const { launches, launchesEnded, measuringSince_ms } = state;
  const left = launches - launchesEnded;
  if (left <= 0 || state.phase === 'confirm') return undefined;
  return launchesEnded === 0 || measuringSince_ms === undefined
    ? Math.max(0, state.estimated_ms - (now_ms - (measuringSince_ms ?? now_ms)))
    : ((now_ms - measuringSince_ms) / launchesEnded) * left;
}

/** Share of the time that has passed, in [0, 1]; 0 where the end is unknown. */
export function progressFraction(state: ProgressState, now_ms: number): number {
  const left_ms = remaining_ms(state, now_ms);
  const elapsed_ms = now_ms - state.start_ms;
  return left_ms === undefined || elapsed_ms + left_ms <= 0 ? 0 : elapsed_ms / (elapsed_ms + left_ms);
}
