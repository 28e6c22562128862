/** For tests: what the gauge of a machine reads while one waits for it to be quiet. */
import type { Noise } from '../journal/record-parts.ts';

/** Windows of a second with these foreign CPU shares, one after the other; the last one stays. */
export function windowsOf(shares: readonly (number | undefined)[]): () => () => Noise {
  let second = 0;
  return () => {
    const foreignCpuShare = shares[Math.min(second, shares.length - 1)];
    second += 1;
    return () => ({ window_ns: 1e9, ...(foreignCpuShare === undefined ? {} : { foreignCpuShare }) });
  };
}
