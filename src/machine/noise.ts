/**
 * Noise gauge: what else the machine did during a window. Pure arithmetic on two snapshots.
 *   foreign CPU share = (busy time of the machine - worker tree's own - Hayasa's own) / wall, in CPU seconds per second
 * Busy time is `/proc/stat` (proc_stat(5)): user + nice + system + irq + softirq; waiting for a disk is idle, stolen time
 * is counted apart. Its ticks are 10 ms, so windows are to last 2 s or more (error then below 0.02 per CPU).
 * In a container `/proc/stat` still shows the whole machine: neighbours count as foreign, as they should.
 */
import type { Noise } from '../journal/records.ts';
import { TICKS_PER_SECOND } from './process-stat.ts';

/** Shorter windows are dominated by the 10 ms ticks. */
export const MINIMUM_NOISE_WINDOW_MS = 2_000;

export interface NoiseSnapshot {
  readonly monotonic_ns: bigint;
  /** Machine-wide ticks; undefined where `/proc/stat` is not to be had. */
  readonly machine: CpuTicks | undefined;
  /** CPU ticks of the worker tree; undefined where there is no worker. */
  readonly workerTicks: number | undefined;
  /** CPU time of this process in microseconds. */
  readonly own_us: number;
  /** Total stall time in microseconds, by resource, where the kernel accounts for it. */
  readonly pressure_us: Readonly<Partial<Record<PressureResource, number>>>;
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
  if (start.workerTicks === undefined) return 0;
  return end.workerTicks === undefined ? undefined : share(end.workerTicks - start.workerTicks);
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
