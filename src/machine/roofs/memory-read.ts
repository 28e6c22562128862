/**
 * Memory read in bytes per second by N threads: a scan by the C library over a buffer well beyond the caches, each
 * thread over a part of its own that it filled itself (so that the pages lie near it). Checked against a hand-written
 * AVX-512 loop on the machine where it was developed: equal within the noise.
 */
import type { Clock } from '../../host/host.ts';
import type { Libc } from '../../native/libc.ts';
import { bestRate, type RepeatPolicy } from './best-rate.ts';

/** Written everywhere; the scan looks for another value. */
const WRITTEN = 1;
const SOUGHT = 7;
const PAGE_BYTES = 2 ** 21;

export async function measureMemoryRead(
  clock: Pick<Clock, 'monotonic_ns'>,
  libc: Libc,
  policy: RepeatPolicy,
  threads: number,
  bufferBytes: number,
): Promise<number> {
  const partBytes = Math.max(1, Math.ceil(bufferBytes / threads / PAGE_BYTES)) * PAGE_BYTES;
  const totalBytes = partBytes * threads;
  const address = libc.allocate(totalBytes);
  const parts = Array.from({ length: threads }, (_, i) => address + BigInt(i * partBytes));
  try {
    await Promise.all(parts.map((part) => libc.fill(part, WRITTEN, partBytes)));
    return await bestRate(clock, policy, totalBytes, async () => {
      await Promise.all(parts.map((part) => libc.contains(part, SOUGHT, partBytes)));
    });
  } finally {
    libc.release(address, totalBytes);
  }
}

/** Bytes of the buffer: eight times the largest cache, at least `minimumBytes`, at most a quarter of the free memory. */
export function bufferSize(minimumBytes: number, cacheBytes: number, availableBytes: number): number {
  return Math.floor(Math.min(Math.max(minimumBytes, 8 * cacheBytes), availableBytes / 4));
}
