/** A full disk, a file-size limit and a lack of permission, as the operating system really reports them. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realHost } from '../../src/host/real-host.ts';
import { childProgram, runChild } from '../support/child.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-faults-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const { files } = realHost();
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

/** Runs `body` with `files` and `attempt`, which prints the code of what an action throws. */
const codesOf = (body: string, limits: { ulimit?: string; uid?: number }): string[] => {
  const program = childProgram(
    { realFiles: 'host/files.js' },
    `const files = realFiles();
     const attempt = (action) => { try { action(); console.log('ok'); } catch (e) { console.log(e.code); } };
     ${body}`,
  );
  const { stdout, stderr } = runChild(program, { ...limits, folder: '/' });
  return `${stdout}${stderr}`.trim().split('\n');
};
const quoted = (name: string): string => JSON.stringify(join(folder, name));

describe('a file-size limit', () => {
  // 8 blocks of 512 bytes in a POSIX shell: 4 KiB, or 8 KiB where a block is 1 KiB.
  const limited = { ulimit: '-f 8' };

  it('is a full disk, and nothing half-written is left', () => {
    const codes = codesOf(
      `attempt(() => files.writeText(${quoted('small')}, 'x'.repeat(100)));
       attempt(() => files.writeText(${quoted('large')}, 'x'.repeat(100000)));`,
      limited,
    );
    expect(codes).toEqual(['ok', 'file/disk-full']);
    expect(files.list(folder)).toEqual(['small']);
  });

  it('leaves whole lines in a log, and the log goes on', () => {
    const codes = codesOf(
      `const log = files.openAppend(${quoted('log')});
       attempt(() => log.append('first\\n'));
       attempt(() => log.append('x'.repeat(100000) + '\\n'));
       attempt(() => log.append('second\\n'));`,
      limited,
    );
    expect(codes).toEqual(['ok', 'file/disk-full', 'ok']);
    expect(files.readText(join(folder, 'log'))).toBe('first\nsecond\n');
  });
});

describe('a writer that was killed', () => {
  it('leaves nothing of its file once the file is written again', () => {
    const gone = spawnSync('true').pid;
    const left = join(folder, 'killed', `.checkpoint.${gone}-1.partial`);
    const others = [
      `.other.${gone}-1.partial`,
      `.checkpoint.${process.ppid}-1.partial`,
      '.checkpoint.x.partial',
    ];
    for (const name of others) files.writeText(join(folder, 'killed', name), 'kept');
    files.writeText(join(folder, 'source'), 'x');
    files.writeText(left, 'half');
    files.writeText(join(folder, 'killed', 'checkpoint'), 'whole');
    expect(files.kind(left)).toBeUndefined();
    files.writeText(left, 'half');
    files.linkOrCopy(join(folder, 'source'), join(folder, 'killed', 'checkpoint'));
    expect(files.list(join(folder, 'killed'))).toEqual([...others, 'checkpoint'].sort());
  });
});

describe('no permission, as a user who is not root', () => {
  it('is named when writing and when reading', ({ skip }) => {
    skip(!isRoot, 'only root may become another user');
    skip(codesOf('attempt(() => {});', { uid: NOBODY })[0] !== 'ok', 'another user may not read the build');
    files.writeText(join(folder, 'private'), 'secret');
    chmodSync(join(folder, 'private'), 0o600);
    chmodSync(folder, 0o755);
    const codes = codesOf(
      `attempt(() => files.writeText(${quoted('new')}, 'x'));
       attempt(() => files.openAppend(${quoted('private')}));
       attempt(() => files.createFile(${quoted('deep/new')}));
       attempt(() => files.makeFolder(${quoted('made')}));
       attempt(() => files.readText(${quoted('private')}));`,
      { uid: NOBODY },
    );
    expect(codes).toEqual([
      'file/no-permission',
      'file/no-permission',
      'file/no-permission',
      'file/no-permission',
      'file/not-readable',
    ]);
  });
});
