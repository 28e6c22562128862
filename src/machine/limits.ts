/**
 * Limits that a container or a control group puts on this process: CPU time, CPUs, memory. Version 2 files first
 * (`cpu.max`, `memory.max`), then version 1 (`cpu.cfs_quota_us`, `memory.limit_in_bytes`). Inside a container the own
 * group is mounted at the root; outside, its path stands in `/proc/self/cgroup`.
 */
import type { Files } from '../host/host.ts';
import { cpuListLength } from './sys-cpu.ts';

export interface ProcessLimits {
  /** CPU seconds per second that the group may use; undefined = no limit. */
  readonly cpuQuota: number | undefined;
  readonly memoryLimitBytes: number | undefined;
  /** CPUs that this process may run on, from its affinity mask. */
  readonly allowedCpus: number | undefined;
  /** Signs of a container: `docker`, `kubernetes`, ...; undefined = none seen. */
  readonly container: string | undefined;
}

/** Version 1 writes "no limit" as a number near 2^63. */
const UNLIMITED_FROM_BYTES = 2 ** 60;

export function readLimits(files: Files): ProcessLimits {
  const groups = parseCgroups(files.tryReadText('/proc/self/cgroup') ?? '');
  const allowed = /^Cpus_allowed_list:\s*(.+)$/m.exec(files.tryReadText('/proc/self/status') ?? '')?.[1];
  return {
    cpuQuota: readCpuQuota(files, groups),
    memoryLimitBytes: readMemoryLimit(files, groups),
    allowedCpus: allowed === undefined ? undefined : cpuListLength(allowed),
    container: readContainer(files, groups),
  };
}

/** Path of each controller's group; the empty name is version 2's. */
export function parseCgroups(text: string): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(.*)$/.exec(line);
    if (match === null) continue;
    for (const controller of (match[1] ?? '').split(',')) groups.set(controller, match[2] ?? '/');
  }
  return groups;
}

/** The first of the group's own folder and the root of the mount that has `name`. */
function readGroupFile(
  files: Files,
  groups: ReadonlyMap<string, string>,
  controller: string,
  name: string,
): string | undefined {
  const mount = controller === '' ? '/sys/fs/cgroup' : `/sys/fs/cgroup/${controller}`;
  const own = groups.get(controller);
  const folders = own === undefined || own === '/' ? [mount] : [`${mount}${own}`, mount];
  for (const folder of folders) {
    const text = files.tryReadText(`${folder}/${name}`);
    if (text !== undefined) return text.trim();
  }
  return undefined;
}

function readCpuQuota(files: Files, groups: ReadonlyMap<string, string>): number | undefined {
  const modern = readGroupFile(files, groups, '', 'cpu.max');
  const [quota, period] =
    modern?.split(/\s+/) ??
    ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) => readGroupFile(files, groups, 'cpu', name));
  const share = Number(quota) / Number(period);
  return Number.isFinite(share) && share > 0 ? share : undefined;
}

function readMemoryLimit(files: Files, groups: ReadonlyMap<string, string>): number | undefined {
  const text =
    readGroupFile(files, groups, '', 'memory.max') ??
    readGroupFile(files, groups, 'memory', 'memory.limit_in_bytes');
  const bytes = Number(text);
  return text !== undefined && Number.isFinite(bytes) && bytes < UNLIMITED_FROM_BYTES ? bytes : undefined;
}

function readContainer(files: Files, groups: ReadonlyMap<string, string>): string | undefined {
  if (files.kind('/run/.containerenv') !== undefined) return 'podman';
  const paths = [...groups.values()].join(' ');
  if (/kubepods/.test(paths)) return 'kubernetes';
  if (files.kind('/.dockerenv') !== undefined || /docker/.test(paths)) return 'docker';
  return /lxc/.test(paths) ? 'lxc' : undefined;
}
