import { spawn } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realHost } from '../host/real-host.ts';
import { testHost } from '../host/test-host.ts';
import { kilobyteField, markMemory, readMemory } from './memory.ts';
import { parseProcessStat } from './process-stat.ts';
import { processTree } from './process-tree.ts';

const stat = (pid: number, parent: number, name: string, faults: number, ticks: number): string =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194304 99 0 ${faults} 0 ${ticks} 2 3 4 20 0 1 0 313546 3133440 388 0\n`;
const status = (peakKb: number, residentKb: number): string =>
  `Name:\tx\nVmPeak:\t 9999 kB\nVmHWM:\t   ${peakKb} kB\nVmRSS:\t   ${residentKb} kB\nThreads:\t1\n`;

const machine = {
  '/proc/10/stat': stat(10, 1, 'worker', 5, 100),
  '/proc/10/status': status(3000, 2000),
  '/proc/10/smaps_rollup': 'Rss: 2000 kB\nPss:                1500 kB\nPss_Dirty: 1 kB\n',
  '/proc/10/clear_refs': '',
  '/proc/11/stat': stat(11, 10, 'a (b) c', 7, 50),
  '/proc/11/status': status(1000, 500),
  '/proc/11/smaps_rollup': 'Pss:  250 kB\n',
  '/proc/11/clear_refs': '',
  '/proc/12/stat': stat(12, 1, 'neighbour', 1, 1),
  '/proc/13/stat': stat(13, 11, 'grandchild', 0, 9),
  '/proc/13/status': 'Name:\tzombie\nState:\tZ\n',
};

describe('parseProcessStat', () => {
  it('counts fields from the last parenthesis', () => {
    expect(parseProcessStat(stat(11, 10, 'a) R 5 (b', 7, 50))).toEqual({
      pid: 11,
      parentPid: 10,
      cpuTicks: 59,
      minorFaults: 99,
      majorFaults: 7,
    });
  });

  it('says undefined, never NaN, to any other text', () => {
    expect(parseProcessStat('12 (cut')).toBeUndefined();
    expect(parseProcessStat('12 (cut) S 1 2')).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseProcessStat(text);
        return parsed === undefined || Object.values(parsed).every(Number.isInteger);
      }),
    );
  });
});

describe('processTree', () => {
  it('finds descendants by a scan where the kernel has no children files', () => {
    expect(processTree(testHost({ files: machine }).files, 10)).toEqual([10, 11, 13]);
  });

  it('asks every thread for its children', () => {
    const { files } = testHost({
      files: {
        ...machine,
        '/proc/10/task/10/children': '',
        '/proc/10/task/20/children': '11 ',
        '/proc/11/task/11/children': '13 14',
      },
    });
    expect(processTree(files, 10)).toEqual([10, 11, 13, 14]);
    expect(processTree(files, 99)).toEqual([]);
  });
});

describe('memory of a tree', () => {
  it('sums high-water marks, resident and proportional sizes, and the faults since the mark', () => {
    const host = testHost({ files: machine });
    const mark = markMemory(host, 10);
    expect(host.files.readText('/proc/11/clear_refs')).toBe('5');
    host.files.writeText('/proc/10/stat', stat(10, 1, 'worker', 25, 300));
    expect(readMemory(host, 10, mark)).toEqual({
      kind: 'value',
      value: {
        peakResidentBytes: 4000 * 1024,
        residentBytes: 2500 * 1024,
        proportionalBytes: 1750 * 1024,
        majorFaults: 20,
      },
    });
  });

  it('leaves out the proportional size where one process hides it', () => {
    const { '/proc/11/smaps_rollup': _hidden, ...rest } = machine;
    const host = testHost({ files: rest });
    expect(readMemory(host, 10, markMemory(host, 10))).toEqual({
      kind: 'value',
      value: { peakResidentBytes: 4000 * 1024, residentBytes: 2500 * 1024, majorFaults: 0 },
    });
  });

  it('is missing, with the reason, where it cannot be read', () => {
    const apple = testHost({ system: { platform: 'darwin' } });
    expect(readMemory(apple, 10, markMemory(apple, 10))).toMatchObject({
      kind: 'missing',
      reason: { en: 'not read on darwin' },
    });
    const gone = testHost({});
    expect(markMemory(gone, 10)).toMatchObject({ kind: 'missing', reason: { en: 'process 10 is gone' } });
    const denied = testHost({ files: machine });
    denied.files.denyWrite('/proc/11/clear_refs');
    expect(markMemory(denied, 10)).toMatchObject({
      kind: 'missing',
      reason: { en: 'no permission to reset the high-water mark (/proc/11/clear_refs)' },
    });
  });

  it('reads kilobyte fields by their whole name', () => {
    expect(kilobyteField('Pss_Dirty:  7 kB\nPss:  5 kB\n', 'Pss')).toBe(5120);
    expect(kilobyteField('VmRSS: many kB\n', 'VmRSS')).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')(
    'sees a real child, after a reset of its high-water mark',
    async () => {
      const host = realHost();
      const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      try {
        await new Promise((resolve) => child.once('spawn', resolve));
        const pid = child.pid!;
        expect(processTree(host.files, process.pid)).toContain(pid);
        const memory = readMemory(host, pid, markMemory(host, pid));
        expect(memory.kind).toBe('value');
      } finally {
        child.stdin.end();
        await new Promise((resolve) => child.once('exit', resolve));
      }
    },
  );
});
