/** Lists of CPUs as the kernel writes them (Linux Documentation/admin-guide/cputopology.rst). */

/** Numbers that a list of the kernel names: `0-2,8` is 0, 1, 2, 8. Empty for an empty list. */
export function parseCpuList(list: string): number[] {
  return list
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first, last] = part.split('-').map(Number);
      if (first === undefined) return [];
      return Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i);
    });
}
