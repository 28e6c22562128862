/** One contract, two hosts. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from './host.ts';
import { realHost } from './real-host.ts';
import { testHost } from './test-host.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-host-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const code = (action: () => unknown): string | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe.each([
  ['real host', realHost(), () => folder],
  ['test host', testHost() as Host, () => '/data'],
])('%s', (_name, host, root) => {
  const path = (name: string) => join(root(), name);
  const { files, clock } = host;

  it('reads back what it wrote, makes folders, lists in order', () => {
    files.writeText(path('a/z.txt'), 'zü');
    files.writeText(path('a/b.txt'), 'one');
    files.writeText(path('a/b.txt'), 'two');
    expect(files.readText(path('a/z.txt'))).toBe('zü');
    expect(files.readText(path('a/b.txt'))).toBe('two');
    expect(files.size(path('a/z.txt'))).toBe(3);
    expect(files.list(path('a'))).toEqual(['b.txt', 'z.txt']);
    expect([files.kind(path('a')), files.kind(path('a/b.txt')), files.kind(path('none'))]).toEqual([
      'folder',
      'file',
      undefined,
    ]);
    expect(files.realPath(path('a/b.txt'))).toBe(path('a/b.txt'));
  });

  it('reads ranges and refuses those beyond the end, however large', () => {
    files.writeText(path('range'), '0123456789');
    expect(Buffer.from(files.readRange(path('range'), 3, 4)).toString()).toBe('3456');
    expect(code(() => files.readRange(path('range'), 8, 3))).toBe('file/truncated');
    expect(code(() => files.readRange(path('range'), 0, 2 ** 50))).toBe('file/truncated');
  });

  it('names what is missing', () => {
    expect(code(() => files.readText(path('none')))).toBe('file/missing');
    expect(code(() => files.readRange(path('none'), 0, 1))).toBe('file/missing');
    expect(code(() => files.list(path('none')))).toBe('file/missing');
    expect(code(() => files.realPath(path('none')))).toBe('file/missing');
    expect(code(() => files.linkOrCopy(path('none'), path('to')))).toBe('file/missing');
    expect(files.tryReadText(path('none'))).toBeUndefined();
    expect(files.size(path('none'))).toBeUndefined();
  });

  it('refuses to read or replace a folder as a file', () => {
    files.makeFolder(path('folder'));
    expect(code(() => files.readText(path('folder')))).toBe('file/not-a-file');
    expect(code(() => files.writeText(path('folder'), 'x'))).toBe('file/not-a-file');
    expect(files.list(path('folder'))).toEqual([]);
  });

  it('appends', () => {
    const log = files.openAppend(path('deep/log'));
    log.append('1\n');
    log.sync();
    log.append('2\n');
    log.close();
    const again = files.openAppend(path('deep/log'));
    again.append('3\n');
    again.close();
    expect(files.readText(path('deep/log'))).toBe('1\n2\n3\n');
  });

  it('shows a streamed file only once it is committed', () => {
    const file = files.createFile(path('new/streamed'));
    file.write(new Uint8Array([65, 66]));
    file.write(new Uint8Array([67]));
    expect([file.position, files.kind(path('new/streamed'))]).toEqual([3, undefined]);
    file.commit();
    expect([files.readText(path('new/streamed')), files.list(path('new'))]).toEqual(['ABC', ['streamed']]);
    const dropped = files.createFile(path('new/dropped'));
    dropped.write(new Uint8Array(10));
    dropped.discard();
    expect(files.list(path('new'))).toEqual(['streamed']);
  });

  it('links, also over an existing name and over itself', () => {
    files.writeText(path('link/from'), 'content');
    files.writeText(path('link/to'), 'old');
    expect(files.linkOrCopy(path('link/from'), path('link/to'))).toBe('linked');
    expect(files.linkOrCopy(path('link/from'), path('link/to'))).toBe('linked');
    expect([files.readText(path('link/to')), files.list(path('link'))]).toEqual(['content', ['from', 'to']]);
  });

  it('removes whole folders and is content when there is nothing to remove', () => {
    files.writeText(path('gone/x/y'), '1');
    files.remove(path('gone'));
    files.remove(path('gone'));
    expect(files.kind(path('gone'))).toBeUndefined();
  });

  it('knows how much is free, also for a path that does not exist yet', () => {
    expect(files.freeBytes(path('not/yet'))).toBeGreaterThan(0);
  });

  it('never goes back in time and moves on while someone waits', async () => {
    const start_ns = clock.monotonic_ns();
    await clock.sleep(2);
    clock.block_ns(1_000_000);
    expect(clock.monotonic_ns()).toBeGreaterThan(start_ns);
    expect(clock.wallTime()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('wakes a sleeper at once on abort', async () => {
    const abort = new AbortController();
    const sleeping = clock.sleep(10 * 3_600_000, abort.signal);
    abort.abort();
    await sleeping;
    await clock.sleep(10 * 3_600_000, abort.signal);
  });
});

describe('real host', () => {
  it('names a cycle of symbolic links', () => {
    symlinkSync(join(folder, 'loop-a'), join(folder, 'loop-b'));
    symlinkSync(join(folder, 'loop-b'), join(folder, 'loop-a'));
    expect(code(() => realHost().files.realPath(join(folder, 'loop-a')))).toBe('file/cycle');
    expect(code(() => realHost().files.readText(join(folder, 'loop-a')))).toBe('file/cycle');
  });

  it('keeps a symbolic link when its file is replaced', () => {
    const { files } = realHost();
    files.writeText(join(folder, 'kept/target'), 'old');
    symlinkSync(join(folder, 'kept/target'), join(folder, 'kept-link'));
    files.writeText(join(folder, 'kept-link'), 'new');
    expect(files.readText(join(folder, 'kept/target'))).toBe('new');
  });

  it.runIf(realHost().files.kind('/dev/full') === 'other')(
    'reports a full disk and leaves the device',
    () => {
      const { files } = realHost();
      expect(code(() => files.writeText('/dev/full', 'x'))).toBe('file/disk-full');
      expect(code(() => files.openAppend('/dev/full').append('x'))).toBe('file/disk-full');
      expect(files.kind('/dev/full')).toBe('other');
    },
  );
});

describe('reading what is no regular file', () => {
  it.runIf(realHost().files.kind('/dev/zero') === 'other')(
    'a device that never ends was read for ever',
    () => {
      const { files } = realHost();
      expect(code(() => files.readText('/dev/zero'))).toBe('file/not-a-file');
      expect(code(() => files.readRange('/dev/zero', 0, 4))).toBe('file/not-a-file');
      expect(files.tryReadText('/dev/zero')).toBeUndefined();
    },
  );

  it.skipIf(process.platform === 'win32')('a pipe without a writer was waited for', () => {
    const { files } = realHost();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(code(() => files.readText(pipe))).toBe('file/not-a-file');
    expect(code(() => files.readRange(pipe, 0, 4))).toBe('file/not-a-file');
  });
});

describe('test host', () => {
  it('fails as a full disk does, and leaves nothing half-written', () => {
    const { files } = testHost({ files: { '/a': '1234' } });
    const log = files.openAppend('/log');
    log.append('12');
    files.limitBytes(10);
    expect(files.freeBytes('/')).toBe(4);
    expect(code(() => log.append('12345'))).toBe('file/disk-full');
    expect(code(() => files.writeText('/b', '12345'))).toBe('file/disk-full');
    expect([files.readText('/log'), files.list('/')]).toEqual(['12', ['a', 'log']]);
  });

  it('fails as a lack of permission does', () => {
    const { files } = testHost({ files: { '/secret/a': '1' } });
    files.denyRead('/secret');
    files.denyWrite('/secret');
    expect(code(() => files.readText('/secret/a'))).toBe('file/not-readable');
    expect(files.tryReadText('/secret/a')).toBeUndefined();
    expect(code(() => files.writeText('/secret/b', '1'))).toBe('file/no-permission');
    expect(code(() => files.openAppend('/secret/b'))).toBe('file/no-permission');
  });

  it('lets sleepers wake in the order of their times, at exact times', async () => {
    const { clock } = testHost({ start_ns: 0n });
    const woken: string[] = [];
    const sleep = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push(`${name} ${clock.monotonic_ns()}`);
    };
    await Promise.all([sleep('late', 7), sleep('early', 0.5), sleep('middle', 5)]);
    expect(woken).toEqual(['early 500000', 'middle 5000000', 'late 7000000']);
  });

  it('moves by exactly what it is told', () => {
    const { clock } = testHost({ start_ns: 5n });
    clock.advance_ns(10n);
    clock.block_ns(7);
    expect([clock.monotonic_ns(), clock.wallTime()]).toEqual([22n, '2026-01-01T00:00:00.000Z']);
  });
});
