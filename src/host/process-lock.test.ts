import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { takeLock } from './process-lock.ts';
import { realHost } from './real-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'hayasa-lock-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A process id that no process has any more. */
const goneId = (): number => spawnSync('true').pid;

describe('takeLock', () => {
  const { files } = realHost();

  it('keeps out while a running process holds it, and names that', () => {
    const path = join(folder, 'parent');
    const start = readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
    files.writeText(path, `${process.ppid} ${start}`);
    expect(takeLock(files, path)).toEqual({ kind: 'busy', pid: process.ppid });
    expect(files.kind(path)).toBe('file');
  });

  it('takes over what a killed process left, and what stands under an id that is used again', () => {
    for (const holder of [
      String(goneId()),
      `${goneId()} 5`,
      `${process.ppid} 1`,
      `${process.pid} 1`,
      '',
      'x',
    ]) {
      const path = join(folder, 'left');
      files.writeText(path, holder);
      const lock = takeLock(files, path);
      expect(lock.kind).toBe('held');
      expect(files.readText(path)).toMatch(new RegExp(`^${process.pid} \\d+$`));
      if (lock.kind === 'held') lock.release();
      expect(files.kind(path)).toBeUndefined();
    }
  });

  it('works where there is no /proc', () => {
    const memory = memoryFiles({ '/busy': String(process.ppid), '/left': String(goneId()) }, '/');
    expect(takeLock(memory, '/busy')).toEqual({ kind: 'busy', pid: process.ppid });
    expect(takeLock(memory, '/left').kind).toBe('held');
  });

  it('does not release what another has taken over', () => {
    const path = join(folder, 'taken');
    const lock = takeLock(files, path);
    files.writeText(path, 'another');
    if (lock.kind === 'held') lock.release();
    expect(files.readText(path)).toBe('another');
  });
});
