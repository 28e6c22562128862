import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../../engines/sim/declaration.ts';
import { testHost } from '../../host/test-host.ts';
import { same, sayEnglish } from '../../kernel/language.ts';
import { missing, present } from '../../kernel/maybe.ts';
import { type MachineFacts, readMachineFacts } from '../../machine/facts.ts';
import { advise, type Examination } from './advice.ts';
import { doctorText } from './doctor-text.ts';
import { usableThreads } from './examine.ts';

const plain = readMachineFacts(testHost());
const quiet: Examination = {
  facts: plain,
  fingerprint: 'f',
  noise: { window_ns: 2e9, foreignCpuShare: 0.02, stealShare: 0, harnessCpuShare: 0 },
  roofs: {
    roofs: { threads: 2, memoryReadBytesPerSecond: 41.2e9, matrixMultiplyFlops: { float32: 2e11 } },
    methods: { memory: same('memchr') },
    failures: {},
  },
  engines: [{ declaration: simDeclaration, health: { kind: 'ready', version: '1', detail: '' } }],
};
const withFacts = (
  cpu: Partial<MachineFacts['cpu']>,
  limits: Partial<MachineFacts['limits']> = {},
): MachineFacts => ({
  ...plain,
  cpu: { ...plain.cpu, ...cpu },
  limits: { ...plain.limits, ...limits },
});

describe('advise', () => {
  it('has nothing to say to a quiet, known machine', () => {
    expect(advise(quiet, sayEnglish)).toEqual([]);
  });

  it('names noise with its size and its price', () => {
    const noisy = { ...quiet, noise: { window_ns: 2e9, foreignCpuShare: 0.5, stealShare: 0.05 } };
    expect(advise(noisy, sayEnglish)).toEqual([
      expect.stringContaining('other programs use 0.50 CPUs'),
      expect.stringContaining('takes 5.0 % of a CPU away'),
    ]);
    expect(advise({ ...quiet, noise: { window_ns: 2e9 } }, sayEnglish)).toEqual([
      expect.stringContaining('cannot be read here'),
    ]);
  });

  it('names limits, hardware threads, governor, and what failed', () => {
    const facts = withFacts(
      {
        governor: present('powersave'),
        smt: present(true),
        physicalCores: present(4),
        logicalCpus: 8,
        numaNodes: present(2),
        flags: ['sse4_2'],
      },
      { cpuQuota: present(1.5), memoryLimitBytes: present(2 ** 31) },
    );
    const crowded = {
      ...quiet,
      facts: { ...facts, hypervisor: present('KVM') },
      roofs: { ...quiet.roofs, failures: { int8: same('no kernel') } },
      engines: [
        {
          declaration: simDeclaration,
          health: { kind: 'installable', how: same('npm ci'), reason: same('gone') },
        },
      ],
    } as const;
    const lines = advise(crowded, sayEnglish);
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'the frequency governor is powersave',
      'two hardware threads share a core',
      '2 NUMA nodes',
      'no AVX2',
      'a virtual machine shares memory bandwidth with unseen neighbours',
      'this container may use 1.5 of 8 CPUs',
      'only 2 GiB of memory to be had',
      'the int8 roof could not be measured (no kernel)',
      'sim can be installed',
    ]);
  });
});

describe('usableThreads', () => {
  it('is one per core, within affinity and quota, and at least one', () => {
    const cores = { logicalCpus: 8, physicalCores: present(4) };
    expect(usableThreads(withFacts(cores))).toBe(4);
    expect(usableThreads(withFacts(cores, { allowedCpus: present(3) }))).toBe(3);
    expect(usableThreads(withFacts(cores, { cpuQuota: present(0.5) }))).toBe(1);
    expect(usableThreads(withFacts({ logicalCpus: 8, physicalCores: missing(same('?')) }))).toBe(8);
  });
});

describe('doctorText', () => {
  it('shows what is missing with its reason, never as a number', () => {
    const text = doctorText(quiet, [], sayEnglish);
    expect(text).toContain('memory read       41.2 GB/s  (memchr)');
    expect(text).toContain('multiply float32  200 GFLOP/s');
    expect(text).toContain('model         - (not in /proc/cpuinfo)');
    expect(text).toContain('waiting for CPU     - (not read here) of the time');
    expect(text).toMatch(/Advice\n {2}nothing to do$/);
    expect(text).not.toMatch(/NaN|undefined/);
  });
});
