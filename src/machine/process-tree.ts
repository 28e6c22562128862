/**
 * The processes of a worker: its root and everything below it, through `/proc`. Children come from
 * `/proc/<pid>/task/<tid>/children` (a few reads), or from a scan of all processes where the kernel lacks that file.
 */
import type { Files } from '../host/host.ts';
import { type ProcessStat, parseProcessStat } from './process-stat.ts';

/** `rootPid` and all its living descendants, parents first; empty where the root is gone. */
export function processTree(files: Files, rootPid: number): number[] {
  if (files.tryReadText(`/proc/${rootPid}/stat`) === undefined) return [];
  const childrenOf = hasChildrenFile(files, rootPid)
    ? (pid: number): number[] => childrenByTask(files, pid)
    : childrenByScan(files);
  const tree = [rootPid];
  const seen = new Set(tree);
  for (const pid of tree) {
    for (const child of childrenOf(pid)) {
      if (!seen.has(child)) {
        seen.add(child);
        tree.push(child);
      }
    }
  }
  return tree;
}

/** The parsed `/proc/<pid>/stat`, or undefined where the process is gone. */
export function readProcessStat(files: Files, pid: number): ProcessStat | undefined {
  const text = files.tryReadText(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseProcessStat(text);
}

const hasChildrenFile = (files: Files, pid: number): boolean =>
  files.tryReadText(`/proc/${pid}/task/${pid}/children`) !== undefined;

/** A child belongs to the thread that started it, so every thread is asked. */
function childrenByTask(files: Files, pid: number): number[] {
  return listed(files, `/proc/${pid}/task`).flatMap((thread) =>
    (files.tryReadText(`/proc/${pid}/task/${thread}/children`) ?? '')
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(Number),
  );
}

function childrenByScan(files: Files): (pid: number) => number[] {
  const children = new Map<number, number[]>();
  for (const name of listed(files, '/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readProcessStat(files, Number(name));
    if (stat === undefined) continue;
    const siblings = children.get(stat.parentPid);
    if (siblings === undefined) children.set(stat.parentPid, [stat.pid]);
    else siblings.push(stat.pid);
  }
  return (pid) => children.get(pid) ?? [];
}

/** Names in a folder of `/proc`. A process may end between two reads: its folder is then simply empty. */
export function listed(files: Files, folder: string): readonly string[] {
  try {
    return files.list(folder);
  } catch {
    return [];
  }
}
