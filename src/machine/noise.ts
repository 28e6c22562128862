/**
 * Noise gauge: what else the machine did during a window. Pure arithmetic on two snapshots.
 *   foreign CPU share = (busy time of the machine - worker tree's own - Hayasa's own) / wall, in CPU seconds per second
 * Busy time is `/proc/stat` (proc_stat(5)): user + nice + system + irq + softirq; waiting for a disk is idle, stolen time
 * is counted apart. Its ticks are 10 ms, so windows are to last 2 s or more (error then below 0.02 per CPU); the window
 * of one repeat is as long as the repeat, and what is decided by it allows for the ticks.
 * In a container `/proc/stat` still shows the whole machine: neighbours count as foreign, as they should.
 */
import type { Noise } from '../journal/record-parts.ts';
import { TICKS_PER_SECOND } from './process-stat.ts';
import type { WorkerCounters } from './worker-counters.ts';

/** Shorter windows are dominated by the 10 ms ticks. */
export const MINIMUM_NOISE_WINDOW_MS = 2_000;

export interface NoiseSnapshot {
  readonly monotonic_ns: bigint;
  /** Machine-wide ticks; undefined where `/proc/stat` is not to be had. */
  readonly machine: CpuTicks | undefined;
  /** Counters of the worker tree; undefined where there is no worker. */
  readonly worker: WorkerCounters | undefined;
  /** CPU time of this process in microseconds. */
  readonly own_us: number;
  /** Total stall time in microseconds, by resource, where the kernel accounts for it. */
  readonly pressure_us: Readonly<Partial<Record<PressureResource, number>>>;
  /** Of the fastest CPU, where it can be read. */
  readonly frequency_Hz?: number | undefined;
  /** Slow-downs of the first package for heat since the machine started, where they are counted. */
  readonly throttleEvents?: number | undefined;
}

export type PressureResource = 'cpu' | 'memory' | 'io';

export interface CpuTicks {
  readonly busy: number;
  readonly steal: number;
}

/** The `cpu` line of `/proc/stat`, or undefined. */
export function parseCpuTicks(stat: string): CpuTicks | undefined {
  const line = /^cpu +(.*)$/m.exec(stat)?.[1];
  if (line === undefined) return undefined;
  const ticks = line.trim().split(/\s+/).map(Number);
  const [user, nice, system, , , irq, softirq, steal] = ticks;
  if (user === undefined || nice === undefined || system === undefined || !ticks.every(Number.isFinite)) {
    return undefined;
  }
  // Guest time is already part of user and nice.
  return { busy: user + nice + system + (irq ?? 0) + (softirq ?? 0), steal: steal ?? 0 };
}

/** `total=` of the `some` line of a `/proc/pressure` file, in microseconds. */
export function parsePressure_us(text: string): number | undefined {
  const total = /^some .*total=(\d+)$/m.exec(text)?.[1];
  return total === undefined ? undefined : Number(total);
}

/** What happened between two snapshots; figures that could not be read are absent. */
export function noiseBetween(start: NoiseSnapshot, end: NoiseSnapshot): Noise {
  const window_ns = Number(end.monotonic_ns - start.monotonic_ns);
  if (window_ns <= 0) return { window_ns: 0 };
  const wall_s = window_ns / 1e9;
  const harnessCpuShare = (end.own_us - start.own_us) / 1e6 / wall_s;
  return {
    window_ns,
    harnessCpuShare,
    ...machineShares(start, end, wall_s, harnessCpuShare),
    ...pressureShare('cpuPressureShare', 'cpu', start, end, wall_s),
    ...pressureShare('memoryPressureShare', 'memory', start, end, wall_s),
    ...pressureShare('ioPressureShare', 'io', start, end, wall_s),
    ...workerCounts(start.worker, end.worker),
    ...(end.frequency_Hz === undefined ? {} : { frequency_Hz: end.frequency_Hz }),
    ...(start.throttleEvents === undefined || end.throttleEvents === undefined
      ? {}
      : { throttleEvents: Math.max(0, end.throttleEvents - start.throttleEvents) }),
  };
}

/** A thread or a process that ended inside the window took its account along: a difference is never below 0. */
function workerCounts(
  start: WorkerCounters | undefined,
  end: WorkerCounters | undefined,
): Partial<Omit<WorkerCounters, 'cpuTicks'>> {
  if (start === undefined || end === undefined) return {};
  const grown = (name: keyof WorkerCounters): number => Math.max(0, end[name] - start[name]);
  return {
    voluntarySwitches: grown('voluntarySwitches'),
    involuntarySwitches: grown('involuntarySwitches'),
    minorFaults: grown('minorFaults'),
    majorFaults: grown('majorFaults'),
  };
}

function machineShares(
  start: NoiseSnapshot,
  end: NoiseSnapshot,
  wall_s: number,
  harnessCpuShare: number,
): Pick<Noise, 'foreignCpuShare' | 'stealShare'> {
  if (start.machine === undefined || end.machine === undefined) return {};
  const share = (ticks: number): number => ticks / TICKS_PER_SECOND / wall_s;
  const stealShare = share(end.machine.steal - start.machine.steal);
  const worker = workerShare(start, end, share);
  // A worker that ended inside the window took its account along: nothing can be said of others.
  if (worker === undefined) return { stealShare };
  const foreign = share(end.machine.busy - start.machine.busy) - worker - harnessCpuShare;
  // Rounding to ticks on both sides may leave a few hundredths below zero.
  return { foreignCpuShare: Math.max(0, foreign), stealShare };
}

function workerShare(
  start: NoiseSnapshot,
  end: NoiseSnapshot,
  share: (ticks: number) => number,
): number | undefined {
  if (start.worker === undefined) return 0;
  return end.worker === undefined ? undefined : share(end.worker.cpuTicks - start.worker.cpuTicks);
}

function pressureShare<Name extends string>(
  name: Name,
  resource: PressureResource,
  start: NoiseSnapshot,
  end: NoiseSnapshot,
  wall_s: number,
): Partial<Record<Name, number>> {
  const before = start.pressure_us[resource];
  const after = end.pressure_us[resource];
  if (before === undefined || after === undefined) return {};
  return { [name]: (after - before) / 1e6 / wall_s } as Partial<Record<Name, number>>;
}
