/** The gauges of a real machine around a group of repeats: memory of the worker tree, and noise. */
import type { Files, Host } from '../host/host.ts';
import { ownCpu_us } from '../host/own-cpu.ts';
import type { CellMemory, Noise } from '../journal/records.ts';
import { type Maybe, missing } from '../kernel/maybe.ts';
import { type MemoryMark, markMemory, readMemory } from './memory.ts';
import { type NoiseSnapshot, noiseBetween, parseCpuTicks, parsePressure_us } from './noise.ts';
import { processTree, readProcessStat } from './process-tree.ts';

/** `pid` is the root of the worker's tree; undefined where the engine runs in this process. */
export interface MachineGauges {
  /** Resets the high-water mark of the worker tree. */
  resetMemory(pid: number | undefined): void;
  /** Memory since the last reset for the same `pid`. */
  readMemory(pid: number | undefined): Maybe<CellMemory>;
  /** Starts a window, to last `MINIMUM_NOISE_WINDOW_MS` or more; the returned function ends it. */
  openNoiseWindow(pid: number | undefined): () => Noise;
}

export function machineGauges(host: Host): MachineGauges {
  let mark: { readonly pid: number; readonly value: Maybe<MemoryMark> } | undefined;
  return {
    resetMemory: (pid) => {
      mark = pid === undefined ? undefined : { pid, value: markMemory(host, pid) };
    },
    readMemory: (pid) => {
      if (pid === undefined) return missing('the engine has no process of its own');
      if (mark?.pid !== pid) return missing('the high-water mark was not reset before the cell');
      return readMemory(host, pid, mark.value);
    },
    openNoiseWindow: (pid) => {
      const start = noiseSnapshot(host, pid);
      return () => {
        const { harnessCpuShare, ...noise } = noiseBetween(start, noiseSnapshot(host, pid));
        // Where the engine runs in this process, its time and Hayasa's own cannot be told apart.
        return pid === undefined || harnessCpuShare === undefined ? noise : { ...noise, harnessCpuShare };
      };
    },
  };
}

/** A few small reads of `/proc`, well under a millisecond; without `/proc` only this process's own CPU time is known. */
export function noiseSnapshot(host: Host, workerPid: number | undefined): NoiseSnapshot {
  const { clock, files, system } = host;
  const own = { monotonic_ns: clock.monotonic_ns(), own_us: ownCpu_us() };
  if (system.platform !== 'linux') {
    return { ...own, machine: undefined, workerTicks: undefined, pressure_us: {} };
  }
  return {
    ...own,
    machine: parseCpuTicks(files.tryReadText('/proc/stat') ?? ''),
    workerTicks: workerPid === undefined ? undefined : treeTicks(files, workerPid),
    pressure_us: {
      ...pressure(files, 'cpu'),
      ...pressure(files, 'memory'),
      ...pressure(files, 'io'),
    },
  };
}

function pressure(files: Files, resource: 'cpu' | 'memory' | 'io'): NoiseSnapshot['pressure_us'] {
  const total_us = parsePressure_us(files.tryReadText(`/proc/pressure/${resource}`) ?? '');
  return total_us === undefined ? {} : { [resource]: total_us };
}

/** Ticks of every living process of the tree, with those of its ended children; undefined where the root is gone. */
function treeTicks(files: Files, rootPid: number): number | undefined {
  const tree = processTree(files, rootPid);
  if (tree.length === 0) return undefined;
  return tree.reduce((sum, pid) => sum + (readProcessStat(files, pid)?.cpuTicks ?? 0), 0);
}
