import { describe, expect, it } from 'vitest';
import { realHost } from '../host/real-host.ts';
import { adviseHugePages, largeAnonymousRegions } from './huge-pages.ts';

describe('largeAnonymousRegions', () => {
  it('keeps large private writable memory without a file, in whole huge pages', () => {
    const maps = [
      '00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/node',
      '01000000-02000000 rw-p 00000000 00:00 0           [heap]',
      '7f0000100000-7f0000f00000 rw-p 00000000 00:00 0 ',
      '7f0001000000-7f0001300000 rw-p 00000000 00:00 0 ',
      '7f0010000000-7f0020000000 r--s 00000000 08:02 99  /weights.safetensors',
      '7f0030000000-7f0040000000 rw-s 00000000 00:05 0   /dev/zero (deleted)',
      '7ffc00000000-7ffc10000000 rw-p 00000000 00:00 0   [stack]',
      '',
    ].join('\n');
    expect(largeAnonymousRegions(maps)).toEqual([
      { start: 0x01000000n, end: 0x02000000n },
      { start: 0x7f0000200000n, end: 0x7f0000e00000n },
    ]);
  });
});

describe('adviseHugePages', () => {
  it('leaves the contents of memory as they were', () => {
    const memory = new Float64Array(new ArrayBuffer(2 ** 24));
    memory.forEach((_, i) => {
      memory[i] = i;
    });
    expect(adviseHugePages(realHost())).toBeGreaterThanOrEqual(0);
    expect(memory.every((value, i) => value === i)).toBe(true);
  });

  it('does nothing elsewhere', () => {
    const host = realHost();
    expect(adviseHugePages({ ...host, system: { ...host.system, platform: 'darwin' } })).toBe(0);
  });
});
