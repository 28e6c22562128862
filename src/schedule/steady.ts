/**
 * When warm-up is over: the last two generations took the same time to within 10 %. First touches of mapped weights,
 * lazily built kernels and cold caches make the first generation longer by far more than that; noise rarely does.
 */
const TOLERANCE = 0.1;

/** Whether the warm-up generations, in order, have become steady. Two are the least. */
export function isSteady(durations_ns: readonly number[]): boolean {
  const [previous, last] = durations_ns.slice(-2);
  if (previous === undefined || last === undefined) return false;
  return Math.abs(last - previous) <= TOLERANCE * Math.max(last, previous);
}
