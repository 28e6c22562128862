/**
 * The best rate of repeats. A roof is what the machine can do when nothing disturbs it: the fastest repeat is the
 * estimate with the least disturbance in it, and the mean is not.
 */
import type { Clock } from '../../host/host.ts';

export interface RepeatPolicy {
  readonly minimumRepeats: number;
  /** Repeats go on until they have taken this long together. */
  readonly duration_ms: number;
}

/** `work` units per second of the fastest repeat of `run`; the first run warms up and is not counted. */
export async function bestRate(
  clock: Pick<Clock, 'monotonic_ns'>,
  policy: RepeatPolicy,
  work: number,
  run: () => void | Promise<void>,
): Promise<number> {
  await run();
  const start_ns = clock.monotonic_ns();
  let fastest_ns = Number.POSITIVE_INFINITY;
  for (let repeat = 0; ; repeat += 1) {
    const before_ns = clock.monotonic_ns();
    if (repeat >= policy.minimumRepeats && Number(before_ns - start_ns) >= policy.duration_ms * 1e6) break;
    await run();
    // A clock that did not move would make the rate infinite.
    fastest_ns = Math.min(fastest_ns, Math.max(1, Number(clock.monotonic_ns() - before_ns)));
  }
  return (work / fastest_ns) * 1e9;
}
