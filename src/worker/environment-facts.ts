/** Facts of a worker's surroundings that may change a result, read before and after the work: cheap, and never timed. */
import type { Host } from '../host/host.ts';

/** Environment variables that engines, BLAS libraries and allocators read. */
const VARIABLES = [
  'OMP_NUM_THREADS',
  'OMP_PROC_BIND',
  'OMP_WAIT_POLICY',
  'KMP_AFFINITY',
  'MKL_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'GGML_NUMA',
  'UV_THREADPOOL_SIZE',
  'NODE_OPTIONS',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'MALLOC_ARENA_MAX',
  'GLIBC_TUNABLES',
  'LANG',
  'LC_ALL',
  'TZ',
] as const;

/** Small files of the kernel; one that is missing here is left out. */
const FILES: Readonly<Record<string, string>> = {
  'cpu governor': '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor',
  'cpu boost': '/sys/devices/system/cpu/cpufreq/boost',
  'transparent huge pages': '/sys/kernel/mm/transparent_hugepage/enabled',
  'cgroup cpu limit': '/sys/fs/cgroup/cpu.max',
  'cgroup memory limit': '/sys/fs/cgroup/memory.max',
};

export function environmentFacts(host: Host): Record<string, string> {
  const facts: Record<string, string> = { node: host.system.nodeVersion };
  for (const name of VARIABLES) {
    const value = host.system.environment[name];
    if (value !== undefined) facts[name] = value;
  }
  for (const [name, path] of Object.entries(FILES)) {
    const text = host.files.tryReadText(path)?.trim();
    if (text !== undefined && text !== '') facts[name] = text;
  }
  const allowed = host.files.tryReadText('/proc/self/status')?.match(/^Cpus_allowed_list:\s*(\S+)$/m)?.[1];
  if (allowed !== undefined) facts['cpus allowed'] = allowed;
  return facts;
}
