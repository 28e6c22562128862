/**
 * Facts about the machine that a result depends on. On Linux from `/proc` and `/sys`; elsewhere what Node knows, the
 * rest missing with its reason. No host name and no serial numbers are read.
 */
import type { Host } from '../host/host.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { type CpuIdentity, parseCpuInfo } from './cpu-info.ts';
import { instructionSets } from './instruction-sets.ts';
import { readLimits } from './limits.ts';
import { kilobyteField } from './memory.ts';
import { type CacheLevel, readCaches, readFrequency, readNumaNodes, readSmt } from './sys-cpu.ts';

export interface MachineFacts {
  readonly platform: string;
  readonly architecture: string;
  readonly operatingSystem: Maybe<string>;
  readonly kernel: Maybe<string>;
  readonly cpu: {
    readonly model: Maybe<string>;
    readonly vendor: Maybe<string>;
    readonly family: Maybe<number>;
    readonly modelNumber: Maybe<number>;
    readonly stepping: Maybe<number>;
    readonly microcode: Maybe<string>;
    readonly flags: readonly string[];
    /** Named sets of `instruction-sets.ts`. */
    readonly instructionSets: readonly string[];
    readonly logicalCpus: number;
    readonly physicalCores: Maybe<number>;
    readonly sockets: Maybe<number>;
    readonly smt: Maybe<boolean>;
    readonly numaNodes: Maybe<number>;
    readonly caches: Maybe<readonly CacheLevel[]>;
    readonly governor: Maybe<string>;
    readonly current_MHz: Maybe<number>;
    readonly maximum_MHz: Maybe<number>;
  };
  readonly memory: {
    readonly totalBytes: number;
    readonly availableBytes: Maybe<number>;
    readonly swapBytes: Maybe<number>;
    readonly transparentHugePages: Maybe<string>;
  };
  readonly hypervisor: Maybe<string>;
  readonly limits: {
    readonly container: Maybe<string>;
    readonly cpuQuota: Maybe<number>;
    readonly memoryLimitBytes: Maybe<number>;
    readonly allowedCpus: Maybe<number>;
  };
  readonly nodeVersion: string;
}

export function readMachineFacts(host: Host): MachineFacts {
  const { files, system } = host;
  const linux = system.platform === 'linux';
  const known = <T>(value: T | undefined, reason: string): Maybe<T> =>
    value !== undefined ? present(value) : missing(linux ? reason : `not read on ${system.platform}`);
  const text = (path: string): string => (linux ? (files.tryReadText(path) ?? '') : '');
  const cpuInfo = parseCpuInfo(text('/proc/cpuinfo'));
  const memoryInfo = text('/proc/meminfo');
  const frequency = linux ? readFrequency(files) : undefined;
  const caches = linux ? readCaches(files) : [];
  const limits = linux ? readLimits(files) : undefined;
  const noFrequency = 'the system does not show it (usual in virtual machines)';
  return {
    platform: system.platform,
    architecture: system.architecture,
    operatingSystem: known(osName(text('/etc/os-release')) ?? system.operatingSystem, 'no /etc/os-release'),
    kernel: known(firstWord(text('/proc/sys/kernel/osrelease')) ?? system.kernel, 'not in /proc'),
    cpu: {
      model: known(cpuInfo.model ?? system.cpuModel, 'not in /proc/cpuinfo'),
      vendor: known(cpuInfo.vendor, 'not in /proc/cpuinfo'),
      family: known(cpuInfo.family, 'not in /proc/cpuinfo'),
      modelNumber: known(cpuInfo.modelNumber, 'not in /proc/cpuinfo'),
      stepping: known(cpuInfo.stepping, 'not in /proc/cpuinfo'),
      microcode: known(cpuInfo.microcode, 'not in /proc/cpuinfo'),
      flags: cpuInfo.flags,
      instructionSets: instructionSets(cpuInfo.flags).map(({ name }) => name),
      logicalCpus: system.logicalCpus,
      physicalCores: known(cpuInfo.physicalCores, 'not in /proc/cpuinfo'),
      sockets: known(cpuInfo.sockets, 'not in /proc/cpuinfo'),
      smt: known(linux ? readSmt(files) : undefined, 'no topology in /sys'),
      numaNodes: known(linux ? readNumaNodes(files) : undefined, 'no nodes in /sys'),
      caches: known(caches.length === 0 ? undefined : caches, 'no caches in /sys'),
      governor: known(frequency?.governor, noFrequency),
      current_MHz: known(meanOf(cpuInfo), noFrequency),
      maximum_MHz: known(frequency?.maximum_MHz, noFrequency),
    },
    memory: {
      totalBytes: system.totalMemoryBytes,
      availableBytes: known(kilobyteField(memoryInfo, 'MemAvailable'), 'not in /proc/meminfo'),
      swapBytes: known(kilobyteField(memoryInfo, 'SwapTotal'), 'not in /proc/meminfo'),
      transparentHugePages: known(
        selected(text('/sys/kernel/mm/transparent_hugepage/enabled')),
        'not built into this kernel',
      ),
    },
    hypervisor: known(hypervisorOf(cpuInfo, text), 'none seen'),
    limits: {
      container: known(limits?.container, 'none seen'),
      cpuQuota: known(limits?.cpuQuota, 'no limit'),
      memoryLimitBytes: known(limits?.memoryLimitBytes, 'no limit'),
      allowedCpus: known(limits?.allowedCpus, 'not in /proc/self/status'),
    },
    nodeVersion: system.nodeVersion,
  };
}

const firstWord = (text: string): string | undefined => /\S+/.exec(text)?.[0];

const osName = (release: string): string | undefined => /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(release)?.[1];

/** The bracketed word of `always [madvise] never`. */
const selected = (text: string): string | undefined => /\[([^\]]+)\]/.exec(text)?.[1];

const meanOf = ({ current_MHz }: CpuIdentity): number | undefined =>
  current_MHz.length === 0
    ? undefined
    : Math.round(current_MHz.reduce((sum, value) => sum + value, 0) / current_MHz.length);

/** The kernel's name for it where it has one, else the vendor of the firmware, else only that there is one. */
function hypervisorOf(cpu: CpuIdentity, text: (path: string) => string): string | undefined {
  const named = firstWord(text('/sys/hypervisor/type'));
  if (named !== undefined) return named;
  if (!cpu.flags.includes('hypervisor')) return undefined;
  const clock = text('/sys/devices/system/clocksource/clocksource0/available_clocksource');
  if (clock.includes('kvm-clock')) return 'KVM';
  if (clock.includes('hyperv')) return 'Hyper-V';
  return text('/sys/class/dmi/id/sys_vendor').trim() || 'unnamed';
}
