/** Progress as text: lines that stay (plain), and lines that are redrawn (live). Pure. */
import { assertNever } from '../../kernel/errors.ts';
import type { RunEvent } from '../../run/events.ts';
import { formatDuration } from './numbers.ts';
import { type ProgressState, progressFraction, remaining_ms } from './progress-state.ts';

/** The line that stays for `event`; undefined for events that only redraw. `state` is the one after the event. */
export function eventLine(event: RunEvent, state: ProgressState, now_ms: number): string | undefined {
  switch (event.kind) {
    case 'run-planned': {
      const before = event.launchesBefore ?? 0;
      const resumed = before === 0 ? '' : `, ${before} done before`;
      const budget = event.budget_ms === undefined ? '' : `, budget ${formatDuration(event.budget_ms)}`;
      return `${event.cells} cells, ${event.launches} launches${resumed}; about ${formatDuration(event.estimated_ms)}${budget}`;
    }
    case 'stage':
      return event.fraction >= 1 ? `${event.name}: done` : undefined;
    case 'launch-started':
      return `${launchPlace(state, event)} ${state.launch ?? ''}${eta(state, now_ms)}`;
    case 'failure':
      return `failed: ${event.engine} ${event.precision}${event.label === undefined ? '' : ` ${event.label}`}: ${event.cause}: ${event.message}`;
    case 'round-ended':
      return `round ${event.round} of ${event.of} ended${eta(state, now_ms)}`;
    case 'phase-changed':
      return event.phase === 'confirm' ? `confirming: ${event.reason}` : event.reason;
    case 'finished':
      return `${OUTCOMES[event.outcome]} after ${formatDuration(event.elapsed_ms)}${failures(state)}`;
    case 'repeat':
    case 'launch-ended':
    case 'budget':
      return undefined;
    default:
      return assertNever(event, 'run event');
  }
}

/** The lines at the bottom of a live terminal. */
export function liveLines(state: ProgressState, now_ms: number, columns: number): string[] {
  const where =
    state.phase === 'confirm'
      ? 'confirming'
      : state.place === undefined
        ? 'preparing'
        : `round ${state.round}, launch ${state.place}`;
  const head = `${bar(progressFraction(state, now_ms))} ${where}${eta(state, now_ms)}${failures(state)}`;
  const now =
    state.stage !== undefined
      ? `${state.stage.name} ${Math.floor(state.stage.fraction * 100)} %`
      : [state.launch, state.lastRepeat].filter((part) => part !== undefined).join('  ');
  return [head, now].filter((line) => line !== '').map((line) => line.slice(0, Math.max(20, columns - 1)));
}

const OUTCOMES = { complete: 'complete', budget: 'budget used up', interrupted: 'interrupted' } as const;

function launchPlace({ phase }: ProgressState, event: Extract<RunEvent, { kind: 'launch-started' }>): string {
  if (phase === 'confirm') return 'confirming:';
  return `round ${event.round} [${String(event.index).padStart(String(event.of).length)}/${event.of}]:`;
}

function eta(state: ProgressState, now_ms: number): string {
  const left_ms = remaining_ms(state, now_ms);
  return left_ms === undefined ? '' : `, about ${formatDuration(left_ms)} left`;
}

const failures = ({ failures: count }: ProgressState): string =>
  count === 0 ? '' : `, ${count} failure${count === 1 ? '' : 's'}`;

const BAR_WIDTH = 24;
const bar = (fraction: number): string => {
  const full = Math.round(fraction * BAR_WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)}`;
};
