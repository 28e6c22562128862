/**
 * A lock file: of the processes of this machine only one holds it. What a killed process left is recognised and taken
 * over. The file names the holder by its id and by when it started, because an id alone is soon used again (in a
 * container by the very next process). It does not keep threads of one process apart, nor machines that share a disk.
 */
import type { Files } from './host.ts';
import { isProcess, ownPid } from './own-process.ts';

export type ProcessLock =
  | { readonly kind: 'held'; release(): void }
  | {
      readonly kind: 'busy';
      /** Of the process that holds it. */
      readonly pid: number;
    };

/** Takes the lock at `path` unless a running process holds it. @throws HayasaError `file/no-permission`, `file/disk-full` */
export function takeLock(files: Files, path: string): ProcessLock {
  const own = holderText(files, ownPid());
  if (!files.createExclusive(path, own)) {
    const holder = files.tryReadText(path) ?? '';
    const pid = Number(holder.split(' ')[0]);
    const holders = [String(pid), holderText(files, pid)];
    if (holder !== own && holders.includes(holder) && isProcess(pid)) return { kind: 'busy', pid };
    files.remove(path);
    // Of two that take it over at once, one makes it; the other finds that.
    if (!files.createExclusive(path, own)) return takeLock(files, path);
  }
  return {
    kind: 'held',
    release: () => {
      if (files.tryReadText(path) === own) files.remove(path);
    },
  };
}

/** Id and start in clock ticks since the machine's start (field 22 of `/proc/<id>/stat`), where there is a `/proc`. */
function holderText(files: Files, pid: number): string {
  const stat = files.tryReadText(`/proc/${pid}/stat`);
  // The second field, the name of the program, may hold spaces and brackets.
  const start = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return start === undefined ? String(pid) : `${pid} ${start}`;
}
