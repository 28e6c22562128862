/** What a worker must start with so that its memory comes in huge pages from the beginning. Pure. */
import type { Cell } from '../axes/cell.ts';

/**
 * Makes glibc ask the kernel for huge pages (madvise) for every large block it maps, before the block is touched; glibc
 * reads it once, when a process starts. Weights that are filled page by page and collapsed afterwards are copied once
 * more. Without effect on other C libraries, and before glibc 2.35.
 * Source: "Memory Allocation Tunables" in the manual of the GNU C Library, `glibc.malloc.hugetlb`.
 */
export const hugePageEnvironment = ({ hugePages }: Cell['options']): Readonly<Record<string, string>> =>
  hugePages === true ? { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' } : {};
