/**
 * Memory of a process tree over one cell: the kernel's high-water mark is reset before the cell and read after it.
 * Sources: proc_pid_status(5) `VmHWM` and `VmRSS`, proc_pid_smaps_rollup(5) `Pss`, proc_pid_clear_refs(5) value 5.
 * Resident bytes count a mapped weight file too, and a page shared by two processes twice; the proportional set size
 * does not. The sum of high-water marks is an upper bound of the tree's own (they need not coincide in time).
 */
import type { Files, Host } from '../host/host.ts';
import type { CellMemory } from '../journal/record-parts.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { processTree, readProcessStat } from './process-tree.ts';

/** What the tree looked like when its high-water marks were reset. */
export interface MemoryMark {
  readonly majorFaults: number;
}

/** Resets the high-water mark of every process of the tree, or says why that cannot be done here. */
export function markMemory(host: Host, rootPid: number): Maybe<MemoryMark> {
  if (host.system.platform !== 'linux')
    return missing({
      en: `not read on ${host.system.platform}`,
      ja: `${host.system.platform} では読みません`,
    });
  const tree = processTree(host.files, rootPid);
  if (tree.length === 0)
    return missing({ en: `process ${rootPid} is gone`, ja: `プロセス ${rootPid} はもうありません` });
  for (const pid of tree) {
    if (!resetHighWater(host.files, pid) && isAlive(host.files, pid)) {
      return missing({
        en: `no permission to reset the high-water mark (/proc/${pid}/clear_refs)`,
        ja: `最大値を戻す権限がありません（/proc/${pid}/clear_refs）`,
      });
    }
  }
  return present({ majorFaults: majorFaults(host.files, tree) });
}

/** The tree's memory since `mark`; `mark` missing makes the reading missing for the same reason. */
export function readMemory(host: Host, rootPid: number, mark: Maybe<MemoryMark>): Maybe<CellMemory> {
  if (mark.kind === 'missing') return mark;
  const { files } = host;
  const tree = processTree(files, rootPid);
  const figures = tree.map((pid) => memoryFigures(files, pid)).filter((figure) => figure !== undefined);
  if (figures.length === 0)
    return missing({ en: `process ${rootPid} is gone`, ja: `プロセス ${rootPid} はもうありません` });
  const proportional = figures.map(({ proportionalBytes }) => proportionalBytes);
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const known = proportional.filter((bytes) => bytes !== undefined);
  return present({
    peakResidentBytes: total(figures.map(({ peakResidentBytes }) => peakResidentBytes)),
    residentBytes: total(figures.map(({ residentBytes }) => residentBytes)),
    ...(known.length === figures.length ? { proportionalBytes: total(known) } : {}),
    // A process that ended without being waited for takes its faults along.
    majorFaults: Math.max(0, majorFaults(files, tree) - mark.value.majorFaults),
  });
}

/** The value in bytes of a `Name:   123 kB` line, or undefined. */
export function kilobyteField(text: string, name: string): number | undefined {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]) * 1024;
}

interface MemoryFigures {
  readonly peakResidentBytes: number;
  readonly residentBytes: number;
  readonly proportionalBytes: number | undefined;
}

function memoryFigures(files: Files, pid: number): MemoryFigures | undefined {
  const status = files.tryReadText(`/proc/${pid}/status`) ?? '';
  const peakResidentBytes = kilobyteField(status, 'VmHWM');
  const residentBytes = kilobyteField(status, 'VmRSS');
  // A process that has ended but was not waited for has no memory lines.
  if (peakResidentBytes === undefined || residentBytes === undefined) return undefined;
  const rollup = files.tryReadText(`/proc/${pid}/smaps_rollup`) ?? '';
  return { peakResidentBytes, residentBytes, proportionalBytes: kilobyteField(rollup, 'Pss') };
}

function resetHighWater(files: Files, pid: number): boolean {
  try {
    const file = files.openAppend(`/proc/${pid}/clear_refs`);
    try {
      file.append('5');
    } finally {
      file.close();
    }
    return true;
  } catch {
    return false;
  }
}

const isAlive = (files: Files, pid: number): boolean => files.tryReadText(`/proc/${pid}/stat`) !== undefined;

const majorFaults = (files: Files, tree: readonly number[]): number =>
  tree.reduce((sum, pid) => sum + (readProcessStat(files, pid)?.majorFaults ?? 0), 0);
