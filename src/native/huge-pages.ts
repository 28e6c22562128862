/**
 * Backs large private memory of this process with transparent huge pages (Linux): decoding streams all weights once per
 * token, and with pages of 4 KiB a good part of that time goes into address translation. The kernel is asked region by
 * region (madvise), since `/sys/kernel/mm/transparent_hugepage/enabled` is `madvise` on most distributions:
 * MADV_HUGEPAGE for what is touched later, MADV_COLLAPSE (Linux 6.1 and later) for what is there already.
 * Contents do not change; memory mapped from files is left alone.
 */
import koffi from 'koffi';
import type { Host } from '../host/host.ts';

const MADV_HUGEPAGE = 14;
const MADV_COLLAPSE = 25;
/** Huge pages of x86-64 and of arm64 with 4 KiB base pages. */
const HUGE_PAGE_BYTES = 2 ** 21;
/** Smaller regions are not worth the call. */
const SMALLEST_REGION_BYTES = 2 * HUGE_PAGE_BYTES;

export interface MemoryRegion {
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * Asks for huge pages for all large anonymous memory that this process has now.
 * @returns bytes that the kernel collapsed into huge pages; 0 where it cannot (another system, an old kernel, switched off)
 */
export function adviseHugePages({ files, system }: Pick<Host, 'files' | 'system'>): number {
  if (system.platform !== 'linux') return 0;
  const maps = files.tryReadText('/proc/self/maps');
  if (maps === undefined) return 0;
  const libc = koffi.load(null);
  const madvise = libc.func('int madvise(void *address, size_t length, int advice)') as (
    address: bigint,
    length: number,
    advice: number,
  ) => number;
  let collapsedBytes = 0;
  for (const { start, end } of largeAnonymousRegions(maps)) {
    const length = Number(end - start);
    if (madvise(start, length, MADV_HUGEPAGE) === 0 && madvise(start, length, MADV_COLLAPSE) === 0) {
      collapsedBytes += length;
    }
  }
  return collapsedBytes;
}

/**
 * The writable private anonymous regions of `/proc/<pid>/maps` of at least 4 MiB, shrunk to whole huge pages.
 * Format of a line (proc_pid_maps(5)): `start-end rw-p offset device inode [path]`.
 */
export function largeAnonymousRegions(maps: string): MemoryRegion[] {
  return maps.split('\n').flatMap((line) => {
    const match = /^([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0\s*(\[heap\])?$/.exec(line);
    if (match === null) return [];
    const size = BigInt(HUGE_PAGE_BYTES);
    const start = ((BigInt(`0x${match[1]}`) + size - 1n) / size) * size;
    const end = (BigInt(`0x${match[2]}`) / size) * size;
    return end - start >= BigInt(SMALLEST_REGION_BYTES) ? [{ start, end }] : [];
  });
}
