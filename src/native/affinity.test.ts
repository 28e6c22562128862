/** Lists of CPUs as the kernel writes them, and which CPUs threads are pinned to. */
import { describe, expect, it } from 'vitest';
import { cpusToPin } from './affinity.ts';
import { parseCpuList } from './cpu-list.ts';

const machine = (allowed: string | undefined, siblings: Readonly<Record<number, string>>) => ({
  tryReadText: (path: string): string | undefined => {
    if (path === '/proc/self/status') {
      return allowed === undefined ? undefined : `Name:\tnode\nCpus_allowed_list:\t${allowed}\n`;
    }
    const cpu = /cpu(\d+)\/topology/.exec(path)?.[1];
    return cpu === undefined ? undefined : siblings[Number(cpu)];
  },
});

describe('CPUs for pinned threads', () => {
  it('reads lists of the kernel', () => {
    expect([parseCpuList('0-2,8\n'), parseCpuList('5'), parseCpuList('\n')]).toEqual([[0, 1, 2, 8], [5], []]);
  });

  it('takes one CPU of every core before the second one of any', () => {
    const pairs = { 0: '0-1', 1: '0-1', 2: '2-3', 3: '2-3' };
    expect(cpusToPin(machine('0-3', pairs), 2)).toEqual([0, 2]);
    expect(cpusToPin(machine('0-3', pairs), 3)).toEqual([0, 2, 1]);
  });

  it('takes only what this process may use, in order where the topology is unknown', () => {
    expect(cpusToPin(machine('2,5-7', {}), 3)).toEqual([2, 5, 6]);
  });

  it('refuses more threads than CPUs, and a system that does not say', () => {
    expect(() => cpusToPin(machine('1', {}), 2)).toThrow(/2 threads cannot each have a CPU.*run on 1$/);
    expect(() => cpusToPin(machine(undefined, {}), 1)).toThrow(/does not say which CPUs/);
  });
});
