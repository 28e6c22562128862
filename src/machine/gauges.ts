/**
 * The gauges of a real machine: memory of the worker tree over a cell, noise over a group of repeats and over each one.
 * Everything is read before a request is sent and after its answer has arrived, never in between.
 */
import type { Files, Host } from '../host/host.ts';
import { ownCpu_us } from '../host/own-cpu.ts';
import { collectOwnGarbage } from '../host/own-garbage.ts';
import type { CellMemory, Noise } from '../journal/record-parts.ts';
import { type Maybe, missing } from '../kernel/maybe.ts';
import { type MemoryMark, markMemory, readMemory } from './memory.ts';
import { type NoiseSnapshot, noiseBetween, parseCpuTicks, parsePressure_us } from './noise.ts';
import { readPackageThrottles, readTopFrequency_Hz } from './sys-cpu.ts';
import { readWorkerCounters } from './worker-counters.ts';

/** `pid` is the root of the worker's tree; undefined where the engine runs in this process. */
export interface MachineGauges {
  /** Resets the high-water mark of the worker tree; this process's garbage goes now, not while a cell is timed. */
  resetMemory(pid: number | undefined): void;
  /** Memory since the last reset for the same `pid`. */
  readMemory(pid: number | undefined): Maybe<CellMemory>;
  /** Starts a window, to last `MINIMUM_NOISE_WINDOW_MS` or more; the returned function ends it. */
  openNoiseWindow(pid: number | undefined): () => Noise;
  /** Starts the window of one repeat, right before it is requested. */
  openRepeat(pid: number | undefined): RepeatGauge;
}

/** The window of one repeat. */
export interface RepeatGauge {
  /** The request has left: Hayasa's own CPU counts from here. Costs a microsecond. */
  sent(): void;
  /** The answer is arriving: Hayasa's own CPU counts up to the last call. */
  answered(): void;
  /** What the machine did; `window_ns` and Hayasa's own share are those from request to answer. */
  close(): Noise;
}

export function machineGauges(host: Host): MachineGauges {
  let mark: { readonly pid: number; readonly value: Maybe<MemoryMark> } | undefined;
  return {
    resetMemory: (pid) => {
      if (pid !== undefined) collectOwnGarbage('major');
      mark = pid === undefined ? undefined : { pid, value: markMemory(host, pid) };
    },
    readMemory: (pid) => {
      if (pid === undefined)
        return missing({
          en: 'the engine has no process of its own',
          ja: 'エンジンに専用のプロセスがありません',
        });
      if (mark?.pid !== pid)
        return missing({
          en: 'the high-water mark was not reset before the cell',
          ja: 'セルの前に最大値が戻されていません',
        });
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
    openRepeat: (pid) => (pid === undefined ? clockOnly(host) : openRepeat(host, pid)),
  };
}

/** An engine inside this process is simulated: what the machine does has no part in its times. */
function clockOnly({ clock }: Host): RepeatGauge {
  const start_ns = clock.monotonic_ns();
  return {
    sent: () => {},
    answered: () => {},
    close: () => ({ window_ns: Number(clock.monotonic_ns() - start_ns) }),
  };
}

function openRepeat(host: Host, pid: number): RepeatGauge {
  collectOwnGarbage('minor');
  const before = noiseSnapshot(host, pid);
  const stamp = (): OwnStamp => ({ monotonic_ns: host.clock.monotonic_ns(), own_us: ownCpu_us() });
  let sent = stamp();
  let answered: OwnStamp | undefined;
  return {
    sent: () => {
      sent = stamp();
    },
    answered: () => {
      answered = stamp();
    },
    close: () => {
      const end = answered ?? stamp();
      const { harnessCpuShare: _window, ...noise } = noiseBetween(before, noiseSnapshot(host, pid));
      const window_ns = Number(end.monotonic_ns - sent.monotonic_ns);
      if (window_ns <= 0) return { ...noise, window_ns: 0 };
      const harnessCpuShare = ((end.own_us - sent.own_us) * 1e3) / window_ns;
      return { ...noise, window_ns, harnessCpuShare };
    },
  };
}

type OwnStamp = Pick<NoiseSnapshot, 'monotonic_ns' | 'own_us'>;

/** Some small reads of `/proc` and `/sys`, about a millisecond; without them only this process's own CPU time is known. */
export function noiseSnapshot(host: Host, workerPid: number | undefined): NoiseSnapshot {
  const { clock, files, system } = host;
  const own = { monotonic_ns: clock.monotonic_ns(), own_us: ownCpu_us() };
  if (system.platform !== 'linux') {
    return { ...own, machine: undefined, worker: undefined, pressure_us: {} };
  }
  return {
    ...own,
    machine: parseCpuTicks(files.tryReadText('/proc/stat') ?? ''),
    worker: workerPid === undefined ? undefined : readWorkerCounters(files, workerPid),
    pressure_us: {
      ...pressure(files, 'cpu'),
      ...pressure(files, 'memory'),
      ...pressure(files, 'io'),
    },
    frequency_Hz: readTopFrequency_Hz(files),
    throttleEvents: readPackageThrottles(files),
  };
}

function pressure(files: Files, resource: 'cpu' | 'memory' | 'io'): NoiseSnapshot['pressure_us'] {
  const total_us = parsePressure_us(files.tryReadText(`/proc/pressure/${resource}`) ?? '');
  return total_us === undefined ? {} : { [resource]: total_us };
}
