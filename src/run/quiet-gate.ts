/**
 * Waits for a quiet machine before a launch, in steps of a second, up to a bound. The machine is quiet when nothing that
 * disturbs a repeat went on in the second before (`noise/disturbance.ts`); what was waited for becomes a record.
 */
import type { Clock } from '../host/host.ts';
import type { JournalRecord, Noise } from '../journal/records.ts';
import { disturbances } from '../noise/disturbance.ts';

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

/** Undefined: listen on. */
function outcomeOf(noise: Noise, atBound: boolean, aborted: boolean): QuietRecord['outcome'] | undefined {
  if (aborted) return 'interrupted';
  if (noise.foreignCpuShare === undefined) return 'not-readable';
  if (disturbances(noise).length === 0) return 'quiet';
  return atBound ? 'bound-reached' : undefined;
}
