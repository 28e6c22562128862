/** CPU topology, caches, governor and NUMA from `/sys/devices/system` (Linux Documentation/admin-guide/cputopology.rst). */
import type { Files } from '../host/host.ts';
import { parseCpuList } from '../native/cpu-list.ts';
import { listed } from './process-tree.ts';

const CPU_FOLDER = '/sys/devices/system/cpu';

export interface CacheLevel {
  readonly level: number;
  readonly type: string;
  readonly bytes: number;
  /** How many CPUs share one of them. */
  readonly sharedBy: number;
}

/** Caches that CPU 0 uses, smallest level first; empty where the system does not say. */
export function readCaches(files: Files): CacheLevel[] {
  const folder = `${CPU_FOLDER}/cpu0/cache`;
  const levels: CacheLevel[] = [];
  for (let index = 0; ; index += 1) {
    const read = (name: string): string | undefined =>
      files.tryReadText(`${folder}/index${index}/${name}`)?.trim();
    const level = Number(read('level'));
    const bytes = parseSize(read('size') ?? '');
    if (!Number.isInteger(level)) return levels;
    if (bytes !== undefined) {
      levels.push({
        level,
        type: read('type') ?? 'Unified',
        bytes,
        sharedBy: cpuListLength(read('shared_cpu_list') ?? ''),
      });
    }
  }
}

/** `32K`, `32768K`, `16M` in bytes; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)([KMG]?)$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  const factor = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[match[2] ?? ''] ?? 1;
  return Number(match[1]) * factor;
}

/** How many CPUs `0-3,8` names. */
export const cpuListLength = (list: string): number => parseCpuList(list).length;

export interface FrequencyFacts {
  /** `performance`, `powersave`, ... of CPU 0. */
  readonly governor: string | undefined;
  readonly driver: string | undefined;
  readonly minimum_MHz: number | undefined;
  readonly maximum_MHz: number | undefined;
}

export function readFrequency(files: Files): FrequencyFacts {
  const read = (name: string): string | undefined =>
    files.tryReadText(`${CPU_FOLDER}/cpu0/cpufreq/${name}`)?.trim();
  const mega = (name: string): number | undefined => {
    const text = read(name);
    return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text) / 1000;
  };
  return {
    governor: read('scaling_governor'),
    driver: read('scaling_driver'),
    minimum_MHz: mega('cpuinfo_min_freq'),
    maximum_MHz: mega('cpuinfo_max_freq'),
  };
}

/** Whether two hardware threads of one core run at once; undefined where the system does not say. */
export function readSmt(files: Files): boolean | undefined {
  const siblings = files.tryReadText(`${CPU_FOLDER}/cpu0/topology/thread_siblings_list`);
  return siblings === undefined ? undefined : cpuListLength(siblings) > 1;
}

export function readNumaNodes(files: Files): number | undefined {
  const online = files.tryReadText('/sys/devices/system/node/online');
  return online === undefined ? undefined : cpuListLength(online);
}

/** Policies beyond these are not looked at: a reading is to stay below a millisecond on any machine. */
const MAXIMUM_POLICIES = 64;

/** Frequency of the fastest CPU now; undefined where the system does not show it. */
export function readTopFrequency_Hz(files: Files): number | undefined {
  const frequencies_kHz = listed(files, `${CPU_FOLDER}/cpufreq`)
    .filter((name) => name.startsWith('policy'))
    .slice(0, MAXIMUM_POLICIES)
    .map((name) => Number(files.tryReadText(`${CPU_FOLDER}/cpufreq/${name}/scaling_cur_freq`) ?? 0))
    .filter((kHz) => kHz > 0);
  return frequencies_kHz.length === 0 ? undefined : Math.max(...frequencies_kHz) * 1000;
}

/** How often the first package slowed down for heat; undefined where that is not counted. */
export function readPackageThrottles(files: Files): number | undefined {
  const text = files.tryReadText(`${CPU_FOLDER}/cpu0/thermal_throttle/package_throttle_count`)?.trim();
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}
