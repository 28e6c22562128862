/**
 * Whether a repeat was disturbed: decided by what the machine did meanwhile and never by the value that came out, so that
 * measuring it again prefers no value. The rule stands in docs/method.md.
 */
import type { Disturbance, Noise } from '../journal/record-parts.ts';
import type { Words } from '../kernel/language.ts';

/** What disturbed, as people read it. */
export const DISTURBANCE_NAMES: Readonly<Record<Disturbance, Words>> = {
  'foreign-cpu': { en: 'other programs', ja: '他のプログラム' },
  steal: { en: 'stolen CPU time', ja: 'スチール時間' },
  'memory-pressure': { en: 'waiting for memory', ja: 'メモリ待ち' },
};

/** More than this many CPU seconds per second of other programs disturb a repeat. */
export const FOREIGN_CPU_LIMIT = 0.1;
/** The same of CPU time that the hypervisor gave away. */
export const STEAL_LIMIT = 0.05;
/** Share of the time in which some task waited for memory. */
export const MEMORY_PRESSURE_LIMIT = 0.1;
/** Less than this is within five ticks of the kernel's clock, and proves nothing for a short repeat. */
const LEAST_S = 0.05;

/** Why the window was disturbed; empty where it was not, or where nothing could be read. */
export function disturbances(noise: Noise): Disturbance[] {
  const window_s = noise.window_ns / 1e9;
  const above = (share: number | undefined, limit: number): boolean =>
    share !== undefined && share > limit && share * window_s >= LEAST_S;
  return [
    ...(above(noise.foreignCpuShare, FOREIGN_CPU_LIMIT) ? (['foreign-cpu'] as const) : []),
    ...(above(noise.stealShare, STEAL_LIMIT) ? (['steal'] as const) : []),
    ...(above(noise.memoryPressureShare, MEMORY_PRESSURE_LIMIT) ? (['memory-pressure'] as const) : []),
  ];
}
