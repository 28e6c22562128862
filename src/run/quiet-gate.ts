/**
 * Waits for a quiet machine before a launch, in steps of a second, up to a bound. The machine is quiet when nothing that
 * disturbs a repeat went on in the second before (`noise/disturbance.ts`); what was waited for becomes a record.
 */

import type { Clock } from '../host/host.ts';
import type { Noise } from '../journal/record-parts.ts';
import type { JournalRecord } from '../journal/records.ts';
import type { Words } from '../kernel/language.ts';
import { disturbances } from '../noise/disturbance.ts';
import type { OnRunEvent, RunEvent } from './events.ts';

/** The kernel's ticks are 10 ms: over a second they are an error of 0.01 for each CPU, well below the limits. */
const LISTEN_MS = 1000;

export interface QuietGate {
  readonly clock: Clock;
  readonly openWindow: () => () => Noise;
  /** Longest wait. */
  readonly bound_ms: number;
  readonly signal: AbortSignal;
  /** Called after each second that was not quiet. */
  readonly onWait: (noise: Noise, waited_ms: number) => void;
}

export type QuietRecord = Extract<JournalRecord, { readonly kind: 'quiet-gate' }>;

/** What to record of the wait before `launch`. */
export async function awaitQuiet(launch: string, gate: QuietGate): Promise<QuietRecord> {
  const { clock, bound_ms, signal } = gate;
  const begin_ns = clock.monotonic_ns();
  for (;;) {
    const close = gate.openWindow();
    await clock.sleep(Math.min(LISTEN_MS, bound_ms), signal);
    const noise = close();
    const waited_ns = Number(clock.monotonic_ns() - begin_ns);
    const outcome = outcomeOf(noise, waited_ns / 1e6 >= bound_ms, signal.aborted);
    if (outcome !== undefined) return { kind: 'quiet-gate', launch, outcome, waited_ns, noise };
    gate.onWait(noise, waited_ns / 1e6);
  }
}

/** As `awaitQuiet`, telling the reader what is waited for and how it ended; a machine that is quiet at once needs no word. */
export async function awaitQuietAloud(
  launch: string,
  gate: Omit<QuietGate, 'onWait'>,
  onEvent: OnRunEvent,
): Promise<QuietRecord> {
  const { bound_ms } = gate;
  let isSaid = false;
  const say = (state: QuietEvent['state'], waited_ms: number, { foreignCpuShare }: Noise): void => {
    onEvent({ kind: 'quiet-gate', state, waited_ms, bound_ms, foreignCpuShare });
  };
  const record = await awaitQuiet(launch, {
    ...gate,
    onWait: (noise, waited_ms) => {
      if (!isSaid) say('waiting', waited_ms, noise);
      isSaid = true;
      onEvent({
        kind: 'stage',
        name: waitingFor(noise.foreignCpuShare?.toFixed(2) ?? '?'),
        // A whole stage would be done, and this one may end without what was waited for.
        fraction: Math.min(0.99, waited_ms / bound_ms),
      });
    },
  });
  const { outcome, waited_ns, noise } = record;
  if (outcome === 'bound-reached' || (outcome === 'quiet' && isSaid)) say(outcome, waited_ns / 1e6, noise);
  return record;
}

const waitingFor = (foreign: string): Words => ({
  en: `waiting for a quiet machine: others use ${foreign} CPUs`,
  ja: `マシンが静かになるのを待機中: 他が CPU ${foreign} 個分を使用`,
});

type QuietEvent = Extract<RunEvent, { readonly kind: 'quiet-gate' }>;

/** Undefined: listen on. */
function outcomeOf(noise: Noise, atBound: boolean, aborted: boolean): QuietRecord['outcome'] | undefined {
  if (aborted) return 'interrupted';
  if (noise.foreignCpuShare === undefined) return 'not-readable';
  if (disturbances(noise).length === 0) return 'quiet';
  return atBound ? 'bound-reached' : undefined;
}
