/** Deadlines and tries of requests, on the host's clock. */
import type { Clock } from '../host/host.ts';
import { isPassing, stalled } from './failures.ts';

/** Nothing for this long ends a request. */
export const STALL_MS = 60_000;
/** Failures in a row, none of which brought a byte, before giving up. */
export const TRIES = 5;

/** `promise`, unless `STALL_MS` pass first. @throws HayasaError `hub/stalled` */
export async function withDeadline<T>(clock: Clock, what: string, promise: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const late = clock.sleep(STALL_MS, settled.signal).then((): T => {
    throw stalled(what, STALL_MS / 1000);
  });
  // Whichever comes second is nobody's concern.
  for (const second of [late, promise]) second.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    settled.abort();
  }
}

/** Pause before try number `failed` + 1, in milliseconds: 1, 2, 4, 8 s. */
export const pause_ms = (failed: number): number => 1000 * 2 ** (failed - 1);

/** Asks again after failures that pass. @throws what the last try threw */
export async function withTries<T>(clock: Clock, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let failed = 1; ; failed += 1) {
    try {
      return await ask();
    } catch (error) {
      if (failed >= TRIES || !isPassing(error) || signal.aborted) throw error;
      await clock.sleep(pause_ms(failed), signal);
    }
  }
}
