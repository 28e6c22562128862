import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { hayasaSource } from './source.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const source = (files: Readonly<Record<string, string>>) => hayasaSource(testHost({ files }).files, '/code');

describe('hayasaSource', () => {
  it('reads the commit of a branch, packed or not, of a detached head and of a worktree', () => {
    const branch = { '/code/.git/HEAD': 'ref: refs/heads/main\n' };
    expect(source({ ...branch, '/code/.git/refs/heads/main': `${COMMIT}\n` })).toEqual({ commit: COMMIT });
    const packed = `# pack-refs with: peeled\n${COMMIT} refs/heads/main\n`;
    expect(source({ ...branch, '/code/.git/packed-refs': packed })).toEqual({ commit: COMMIT });
    expect(source({ '/code/.git/HEAD': `${COMMIT}\n` })).toEqual({ commit: COMMIT });
    const worktree = {
      '/code/.git': 'gitdir: /main/.git/worktrees/code\n',
      '/main/.git/worktrees/code/HEAD': 'ref: refs/heads/code\n',
      '/main/.git/worktrees/code/commondir': '../..\n',
      '/main/.git/refs/heads/code': `${COMMIT}\n`,
    };
    expect(source(worktree)).toEqual({ commit: COMMIT });
  });

  it('hashes the lock file, and invents nothing', () => {
    expect(source({ '/code/package-lock.json': '{}' })).toEqual({
      lockHash: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    });
    expect(source({})).toEqual({});
    expect(source({ '/code/.git/HEAD': 'ref: refs/heads/main\n' })).toEqual({});
    expect(source({ '/code/.git/HEAD': 'nonsense' })).toEqual({});
  });
});
