import { describe, expect, it } from 'vitest';
import { realHost } from '../host/real-host.ts';
import { testHost } from '../host/test-host.ts';
import { parseCpuInfo } from './cpu-info.ts';
import { readMachineFacts } from './facts.ts';
import { machineConditions, machineFingerprint } from './fingerprint.ts';
import { instructionSets } from './instruction-sets.ts';
import { parseCgroups, readLimits } from './limits.ts';
import { cpuListLength, parseSize } from './sys-cpu.ts';

const processor = (index: number, core: number): string => `processor\t: ${index}
vendor_id\t: AuthenticAMD
cpu family\t: 25
model\t\t: 17
model name\t: AMD EPYC
stepping\t: 1
microcode\t: 0x1000065
cpu MHz\t\t: ${2596 + index}.5
physical id\t: 0
core id\t\t: ${core}
flags\t\t: fpu avx avx2 fma avx512f avx512bw avx512dq avx512vl avx512_vnni hypervisor
power management:
`;

const ARM = `processor\t: 0
BogoMIPS\t: 243.75
Features\t: fp asimd asimdhp asimddp i8mm bf16 sve
CPU implementer\t: 0x41
CPU architecture: 8
CPU part\t: 0xd40
CPU revision\t: 1

processor\t: 1
CPU implementer\t: 0x41
`;

const files = {
  '/proc/cpuinfo': [processor(0, 0), processor(1, 0), processor(2, 1), processor(3, 1)].join('\n'),
  '/proc/meminfo': 'MemTotal:  24684096 kB\nMemAvailable:   24341732 kB\nSwapTotal:       0 kB\n',
  '/proc/sys/kernel/osrelease': '6.18.44\n',
  '/proc/self/status': 'Name:\tx\nCpus_allowed_list:\t0-2\n',
  '/proc/self/cgroup': '0::/work.slice\n',
  '/sys/fs/cgroup/work.slice/cpu.max': '150000 100000\n',
  '/sys/fs/cgroup/memory.max': '8589934592\n',
  '/etc/os-release': 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  '/sys/devices/system/cpu/cpu0/topology/thread_siblings_list': '0-1\n',
  '/sys/devices/system/cpu/cpu0/cache/index0/level': '1\n',
  '/sys/devices/system/cpu/cpu0/cache/index0/type': 'Data\n',
  '/sys/devices/system/cpu/cpu0/cache/index0/size': '32K\n',
  '/sys/devices/system/cpu/cpu0/cache/index0/shared_cpu_list': '0-1\n',
  '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'performance\n',
  '/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq': '3700000\n',
  '/sys/devices/system/node/online': '0-1\n',
  '/sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n',
  '/sys/devices/system/clocksource/clocksource0/available_clocksource': 'kvm-clock tsc\n',
};

describe('parseCpuInfo', () => {
  it('counts cores once for both of their hardware threads', () => {
    expect(parseCpuInfo(files['/proc/cpuinfo'])).toMatchObject({
      vendor: 'AuthenticAMD',
      model: 'AMD EPYC',
      family: 25,
      modelNumber: 17,
      stepping: 1,
      physicalCores: 2,
      sockets: 1,
      current_MHz: [2596.5, 2597.5, 2598.5, 2599.5],
    });
  });

  it('reads the keys of Arm, and leaves unknown what is not there', () => {
    const cpu = parseCpuInfo(ARM);
    expect(cpu).toMatchObject({ vendor: 'Arm', model: 'Arm part 0xd40', modelNumber: 0xd40, stepping: 1 });
    expect([cpu.physicalCores, cpu.microcode, cpu.current_MHz]).toEqual([undefined, undefined, []]);
    expect(instructionSets(cpu.flags).map(({ name }) => name)).toEqual([
      'NEON',
      'FP16',
      'DotProd',
      'I8MM',
      'BF16',
      'SVE',
    ]);
    expect(parseCpuInfo('')).toMatchObject({ model: undefined, flags: [], sockets: undefined });
  });
});

describe('small parsers', () => {
  it('reads cache sizes and CPU lists', () => {
    expect([parseSize('32768K'), parseSize('16M'), parseSize('7'), parseSize('x')]).toEqual([
      33554432,
      16777216,
      7,
      undefined,
    ]);
    expect([cpuListLength('0-3,8'), cpuListLength('5'), cpuListLength('\n')]).toEqual([5, 1, 0]);
  });

  it('reads the limits of version 1 and takes its huge number as none', () => {
    const { files } = testHost({
      files: {
        '/proc/self/cgroup': '4:memory:/docker/abc\n2:cpu,cpuacct:/\n',
        '/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': '9223372036854771712\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
    });
    expect(parseCgroups('2:cpu,cpuacct:/a\n').get('cpuacct')).toBe('/a');
    expect(readLimits(files)).toEqual({
      cpuQuota: undefined,
      memoryLimitBytes: undefined,
      allowedCpus: undefined,
      container: 'docker',
    });
  });
});

describe('readMachineFacts', () => {
  it('reads a Linux machine', () => {
    const facts = readMachineFacts(testHost({ files }));
    const value = <T>(v: T) => ({ kind: 'value', value: v });
    expect(facts).toMatchObject({
      operatingSystem: value('Debian GNU/Linux 12 (bookworm)'),
      kernel: value('6.18.44'),
      hypervisor: value('KVM'),
      cpu: {
        instructionSets: ['AVX', 'FMA', 'AVX2', 'AVX-512', 'AVX-512 VNNI'],
        smt: value(true),
        numaNodes: value(2),
        governor: value('performance'),
        current_MHz: value(2598),
        maximum_MHz: value(3700),
        caches: value([{ level: 1, type: 'Data', bytes: 32768, sharedBy: 2 }]),
      },
      memory: {
        availableBytes: value(24341732 * 1024),
        swapBytes: value(0),
        transparentHugePages: value('madvise'),
      },
      limits: { cpuQuota: value(1.5), memoryLimitBytes: value(8589934592), allowedCpus: value(3) },
    });
  });

  it('says on other platforms what Node knows, and why the rest is missing', () => {
    const facts = readMachineFacts(
      testHost({
        system: { platform: 'darwin', cpuModel: 'Apple M4', operatingSystem: 'Darwin', kernel: '25' },
      }),
    );
    expect(facts.cpu.model).toEqual({ kind: 'value', value: 'Apple M4' });
    expect(facts.cpu.stepping).toMatchObject({ kind: 'missing', reason: { en: 'not read on darwin' } });
    expect(facts.hypervisor).toMatchObject({ kind: 'missing', reason: { en: 'not read on darwin' } });
  });

  it('reads this machine', () => {
    const facts = readMachineFacts(realHost());
    expect(facts.cpu.logicalCpus).toBeGreaterThan(0);
    expect(JSON.stringify(facts)).not.toContain('undefined');
  });
});

describe('machineFingerprint', () => {
  const facts = readMachineFacts(testHost({ files }));
  const with_ = (path: keyof typeof files, text: string) =>
    readMachineFacts(testHost({ files: { ...files, [path]: text } }));

  it('changes with the hardware, not with the moment nor with the kernel', () => {
    expect(machineFingerprint(facts)).toMatch(/^[0-9a-f]{16}$/);
    const faster = with_('/proc/cpuinfo', files['/proc/cpuinfo'].replaceAll('2596.5', '3000'));
    expect(machineFingerprint(faster)).toBe(machineFingerprint(facts));
    expect(machineFingerprint(with_('/proc/sys/kernel/osrelease', '7'))).toBe(machineFingerprint(facts));
    const stepped = with_(
      '/proc/cpuinfo',
      files['/proc/cpuinfo'].replaceAll('stepping\t: 1', 'stepping\t: 2'),
    );
    expect(machineFingerprint(stepped)).not.toBe(machineFingerprint(facts));
    expect(machineFingerprint(with_('/sys/fs/cgroup/work.slice/cpu.max', 'max 100000'))).not.toBe(
      machineFingerprint(facts),
    );
  });

  it('puts into the conditions what runs on it', () => {
    expect(machineConditions(facts)).toEqual({
      machine: machineFingerprint(facts),
      node: '20.19.0',
      kernel: '6.18.44',
      operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
      microcode: '0x1000065',
      governor: 'performance',
      transparentHugePages: 'madvise',
    });
  });
});
