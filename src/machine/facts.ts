/**
 * Facts about the machine that a result depends on. On Linux from `/proc` and `/sys`; elsewhere what Node knows, the
 * rest missing with its reason. No host name and no serial numbers are read.
 */

import type { Host } from '../host/host.ts';
import type { Words } from '../kernel/language.ts';
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
  const known = <T>(value: T | undefined, reason: Words): Maybe<T> =>
    value !== undefined
      ? present(value)
      : missing(
          linux ? reason : { en: `not read on ${system.platform}`, ja: `${system.platform} では読みません` },
        );
  const text = (path: string): string => (linux ? (files.tryReadText(path) ?? '') : '');
  const cpuInfo = parseCpuInfo(text('/proc/cpuinfo'));
  const memoryInfo = text('/proc/meminfo');
  const frequency = linux ? readFrequency(files) : undefined;
  const caches = linux ? readCaches(files) : [];
  const limits = linux ? readLimits(files) : undefined;
  const noFrequency: Words = {
    en: 'the system does not show it (usual in virtual machines)',
    ja: 'システムが示しません（仮想マシンではよくあること）',
  };
  const notIn = (path: string): Words => ({ en: `not in ${path}`, ja: `${path} にありません` });
  const noneSeen: Words = { en: 'none seen', ja: '見あたりません' };
  const noLimit: Words = { en: 'no limit', ja: '制限なし' };
  return {
    platform: system.platform,
    architecture: system.architecture,
    operatingSystem: known(osName(text('/etc/os-release')) ?? system.operatingSystem, {
      en: 'no /etc/os-release',
      ja: '/etc/os-release がありません',
    }),
    kernel: known(firstWord(text('/proc/sys/kernel/osrelease')) ?? system.kernel, notIn('/proc')),
    cpu: {
      model: known(cpuInfo.model ?? system.cpuModel, notIn('/proc/cpuinfo')),
      vendor: known(cpuInfo.vendor, notIn('/proc/cpuinfo')),
      family: known(cpuInfo.family, notIn('/proc/cpuinfo')),
      modelNumber: known(cpuInfo.modelNumber, notIn('/proc/cpuinfo')),
      stepping: known(cpuInfo.stepping, notIn('/proc/cpuinfo')),
      microcode: known(cpuInfo.microcode, notIn('/proc/cpuinfo')),
      flags: cpuInfo.flags,
      instructionSets: instructionSets(cpuInfo.flags).map(({ name }) => name),
      logicalCpus: system.logicalCpus,
      physicalCores: known(cpuInfo.physicalCores, notIn('/proc/cpuinfo')),
      sockets: known(cpuInfo.sockets, notIn('/proc/cpuinfo')),
      smt: known(linux ? readSmt(files) : undefined, {
        en: 'no topology in /sys',
        ja: '/sys に topology がありません',
      }),
      numaNodes: known(linux ? readNumaNodes(files) : undefined, {
        en: 'no nodes in /sys',
        ja: '/sys にノードがありません',
      }),
      caches: known(caches.length === 0 ? undefined : caches, {
        en: 'no caches in /sys',
        ja: '/sys にキャッシュがありません',
      }),
      governor: known(frequency?.governor, noFrequency),
      current_MHz: known(meanOf(cpuInfo), noFrequency),
      maximum_MHz: known(frequency?.maximum_MHz, noFrequency),
    },
    memory: {
      totalBytes: system.totalMemoryBytes,
      availableBytes: known(kilobyteField(memoryInfo, 'MemAvailable'), notIn('/proc/meminfo')),
      swapBytes: known(kilobyteField(memoryInfo, 'SwapTotal'), notIn('/proc/meminfo')),
      transparentHugePages: known(selected(text('/sys/kernel/mm/transparent_hugepage/enabled')), {
        en: 'not built into this kernel',
        ja: 'このカーネルには組み込まれていません',
      }),
    },
    hypervisor: known(hypervisorOf(cpuInfo, text), noneSeen),
    limits: {
      container: known(limits?.container, noneSeen),
      cpuQuota: known(limits?.cpuQuota, noLimit),
      memoryLimitBytes: known(limits?.memoryLimitBytes, noLimit),
      allowedCpus: known(limits?.allowedCpus, notIn('/proc/self/status')),
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
