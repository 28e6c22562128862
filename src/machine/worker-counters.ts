/**
 * What the kernel counts for a worker tree since it started: CPU time, page faults, context switches. Context switches
 * are counted per thread (proc_pid_status(5)), so every thread is read; one that ended takes its account along.
 */
import type { Files } from '../host/host.ts';
import { listed, processTree, readProcessStat } from './process-tree.ts';

export interface WorkerCounters {
  /** Of 10 ms. */
  readonly cpuTicks: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

type Switches = Pick<WorkerCounters, 'voluntarySwitches' | 'involuntarySwitches'>;

/** Sums over every living process of the tree, with those of its ended children; undefined where the root is gone. */
export function readWorkerCounters(files: Files, rootPid: number): WorkerCounters | undefined {
  const tree = processTree(files, rootPid);
  return tree.length === 0 ? undefined : sumCounters(tree.flatMap((pid) => countersOf(files, pid)));
}

export function sumCounters(parts: readonly Partial<WorkerCounters>[]): WorkerCounters {
  const total = (name: keyof WorkerCounters): number =>
    parts.reduce((sum, part) => sum + (part[name] ?? 0), 0);
  return {
    cpuTicks: total('cpuTicks'),
    minorFaults: total('minorFaults'),
    majorFaults: total('majorFaults'),
    voluntarySwitches: total('voluntarySwitches'),
    involuntarySwitches: total('involuntarySwitches'),
  };
}

/** The switches of one thread from its `status`, 0 where the lines are missing. */
export function parseSwitches(status: string): Switches {
  const count = (name: string): number =>
    Number(new RegExp(`^${name}:\\s*(\\d+)$`, 'm').exec(status)?.[1] ?? 0);
  return {
    voluntarySwitches: count('voluntary_ctxt_switches'),
    involuntarySwitches: count('nonvoluntary_ctxt_switches'),
  };
}

function countersOf(files: Files, pid: number): Partial<WorkerCounters>[] {
  const stat = readProcessStat(files, pid);
  if (stat === undefined) return [];
  const { cpuTicks, minorFaults, majorFaults } = stat;
  const threads = listed(files, `/proc/${pid}/task`);
  return [
    { cpuTicks, minorFaults, majorFaults },
    ...threads.map((thread) => parseSwitches(files.tryReadText(`/proc/${pid}/task/${thread}/status`) ?? '')),
  ];
}
