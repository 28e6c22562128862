/**
 * When warm-up is over: the last two generations took the same time to within 10 %. First touches of mapped weights,
 * lazily built kernels and cold caches make the first generation longer by far more than that; noise rarely does.
 */
const TOLERANCE = 0.1;
/** What warms up takes tenths of a second at most: a generation as long as this has it behind it. */
const LONG_NS = 1_000_000_000;

/** Whether the warm-up generations, in order, have become steady: two that agree, or one of a second or more. */
export function isSteady(durations_ns: readonly number[]): boolean {
  const [previous, last] = durations_ns.slice(-2);
  if (durations_ns.some((duration) => duration >= LONG_NS)) return true;
  if (previous === undefined || last === undefined) return false;
  return Math.abs(last - previous) <= TOLERANCE * Math.max(last, previous);
}
