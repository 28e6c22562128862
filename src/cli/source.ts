/**
 * Which code this is: the checked-out commit and the hash of the npm lock file, read from the package's folder. Git
 * itself is not called; its files are laid out as gitrepository-layout(5) says, worktrees included.
 */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Files } from '../host/host.ts';
import type { Source } from '../journal/record-parts.ts';
import { packageFolder } from './version.ts';

/** What can be read; an installed package has neither. */
export function hayasaSource(files: Files, folder: string = packageFolder()): Source {
  const commit = commitOf(files, folder);
  const lock = files.tryReadText(join(folder, 'package-lock.json'));
  return {
    ...(commit === undefined ? {} : { commit }),
    ...(lock === undefined ? {} : { lockHash: createHash('sha256').update(lock).digest('hex') }),
  };
}

const COMMIT = /^[0-9a-f]{40,64}$/;

function commitOf(files: Files, folder: string): string | undefined {
  const pointer = files.tryReadText(join(folder, '.git'));
  const worktree = pointer === undefined ? undefined : /^gitdir: (.+)$/m.exec(pointer)?.[1];
  const gitFolder = worktree === undefined ? join(folder, '.git') : resolve(folder, worktree);
  const head = files.tryReadText(join(gitFolder, 'HEAD'))?.trim();
  const reference = head === undefined ? undefined : /^ref: (.+)$/.exec(head)?.[1];
  if (head === undefined || reference === undefined) return commit(head);
  const common = files.tryReadText(join(gitFolder, 'commondir'))?.trim();
  const shared = common === undefined ? gitFolder : resolve(gitFolder, common);
  return commit(files.tryReadText(join(shared, reference))?.trim()) ?? packed(files, shared, reference);
}

const commit = (text: string | undefined): string | undefined =>
  text !== undefined && COMMIT.test(text) ? text : undefined;

function packed(files: Files, folder: string, reference: string): string | undefined {
  const line = files
    .tryReadText(join(folder, 'packed-refs'))
    ?.split('\n')
    .find((candidate) => candidate.endsWith(` ${reference}`));
  return commit(line?.split(' ')[0]);
}
