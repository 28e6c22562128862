/**
 * A clock that moves only when told (`advance_ns`), when someone blocks on it, or when everyone sleeps: then it jumps
 * to the earliest waker, so that waiting costs nothing and every stamp is exact.
 */
import type { Clock } from './host.ts';

export interface VirtualClock extends Clock {
  /** Moves the clock and wakes everyone whose time has come, in order. */
  advance_ns(duration_ns: bigint): void;
}

interface Sleeper {
  readonly wake_ns: bigint;
  readonly wake: () => void;
}

/** Starts at `start_ns` after its epoch; `wallStart` is the wall time at that moment. */
export function virtualClock(start_ns = 1_000_000_000n, wallStart = Date.UTC(2026, 0, 1)): VirtualClock {
  let now_ns = start_ns;
  let sleepers: Sleeper[] = [];
  let jumpPlanned = false;

  const wakeDue = (): void => {
    const due = sleepers.filter((sleeper) => sleeper.wake_ns <= now_ns);
    sleepers = sleepers.filter((sleeper) => sleeper.wake_ns > now_ns);
    for (const sleeper of due.sort((a, b) => Number(a.wake_ns - b.wake_ns))) sleeper.wake();
  };
  const advance_ns = (duration_ns: bigint): void => {
    now_ns += duration_ns;
    wakeDue();
  };
  /** Jumps once all microtasks have run, one waker at a time. */
  const planJump = (): void => {
    if (jumpPlanned || sleepers.length === 0) return;
    jumpPlanned = true;
    setImmediate(() => {
      jumpPlanned = false;
      const next_ns = sleepers.reduce<bigint | undefined>(
        (earliest, { wake_ns }) => (earliest === undefined || wake_ns < earliest ? wake_ns : earliest),
        undefined,
      );
      if (next_ns !== undefined && next_ns > now_ns) now_ns = next_ns;
      wakeDue();
      planJump();
    });
  };

  return {
    monotonic_ns: () => now_ns,
    wallTime: () => new Date(wallStart + Number((now_ns - start_ns) / 1_000_000n)).toISOString(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true || ms <= 0) {
          resolve();
          return;
        }
        const onAbort = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          resolve();
        };
        const sleeper: Sleeper = {
          wake_ns: now_ns + BigInt(Math.round(ms * 1e6)),
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        sleepers.push(sleeper);
        planJump();
      }),
    block_ns: (duration_ns) => advance_ns(BigInt(Math.round(duration_ns))),
    advance_ns,
  };
}
