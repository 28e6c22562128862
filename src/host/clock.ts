/** The real clock: CLOCK_MONOTONIC for measuring, the wall clock only as a label. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './host.ts';

/** Never woken: `Atomics.wait` on it is a pause of the calling thread that uses no CPU. */
const neverNotified = new Int32Array(new SharedArrayBuffer(4));

/** Longest single pause of a timer in milliseconds; longer ones are made of several (timers hold 31 bits). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function realClock(): Clock {
  return {
    monotonic_ns: () => process.hrtime.bigint(),
    wallTime: () => new Date().toISOString(),
    sleep: async (ms, signal) => {
      for (let left = ms; left > 0 && signal?.aborted !== true; left -= LONGEST_TIMER_MS) {
        await pause(Math.min(left, LONGEST_TIMER_MS), signal);
      }
    },
    block_ns: (duration_ns) => {
      if (duration_ns > 0) Atomics.wait(neverNotified, 0, 0, duration_ns / 1e6);
    },
  };
}

/** One timer; an abort ends it early instead of throwing. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
