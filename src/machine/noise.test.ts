import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { machineGauges, noiseSnapshot } from './gauges.ts';
import { type NoiseSnapshot, noiseBetween, parseCpuTicks, parsePressure_us } from './noise.ts';

const STAT = 'cpu  4121 10 2842 618091 691 3 47 7 50 0\ncpu0 1 1 1 1 1 1 1 1 0 0\nintr 5\n';
const PRESSURE =
  'some avg10=0.00 avg60=1.17 avg300=1.16 total=6824374\nfull avg10=0.00 avg60=1.16 avg300=1.15 total=6623433\n';

describe('parsing /proc', () => {
  it('counts user, nice, system and interrupts as busy, and steal apart', () => {
    expect(parseCpuTicks(STAT)).toEqual({ busy: 4121 + 10 + 2842 + 3 + 47, steal: 7 });
    expect(parseCpuTicks('cpu0 1 2 3\n')).toBeUndefined();
    expect(parseCpuTicks('cpu  1 x 3 4\n')).toBeUndefined();
    expect(parseCpuTicks('')).toBeUndefined();
  });

  it('takes the total of the `some` line', () => {
    expect(parsePressure_us(PRESSURE)).toBe(6824374);
    expect(parsePressure_us('')).toBeUndefined();
  });
});

const worker = (cpuTicks: number): NoiseSnapshot['worker'] => ({
  cpuTicks,
  minorFaults: cpuTicks + 1,
  majorFaults: 3,
  voluntarySwitches: 2 * cpuTicks,
  involuntarySwitches: 9,
});

const start: NoiseSnapshot = {
  monotonic_ns: 1_000_000_000n,
  machine: { busy: 1000, steal: 10 },
  worker: worker(200),
  own_us: 500_000,
  pressure_us: { cpu: 1_000_000, io: 5 },
};
const end: NoiseSnapshot = {
  monotonic_ns: 3_000_000_000n,
  machine: { busy: 1500, steal: 30 },
  worker: worker(590),
  own_us: 510_000,
  pressure_us: { cpu: 1_500_000, io: 5, memory: 7 },
};

describe('noiseBetween', () => {
  it('is what the machine did beyond the worker and Hayasa, per second', () => {
    // 5 s busy, 3.9 s of the worker, 0.01 s of our own, over 2 s.
    expect(noiseBetween(start, end)).toEqual({
      window_ns: 2_000_000_000,
      foreignCpuShare: 2.5 - 1.95 - 0.005,
      stealShare: 0.1,
      harnessCpuShare: 0.005,
      cpuPressureShare: 0.25,
      ioPressureShare: 0,
      voluntarySwitches: 780,
      involuntarySwitches: 0,
      minorFaults: 390,
      majorFaults: 0,
    });
  });

  it('counts no worker as none', () => {
    const noise = noiseBetween({ ...start, worker: undefined }, { ...end, worker: undefined });
    expect(noise.foreignCpuShare).toBe(2.5 - 0.005);
  });

  it('says nothing of others where the worker ended inside the window', () => {
    const noise = noiseBetween(start, { ...end, worker: undefined });
    expect(noise.foreignCpuShare).toBeUndefined();
    expect(noise.stealShare).toBe(0.1);
  });

  it('does not go below zero by the rounding of ticks', () => {
    expect(noiseBetween(start, { ...end, worker: worker(701) }).foreignCpuShare).toBe(0);
  });

  it('has no shares over no time', () => {
    expect(noiseBetween(start, start)).toEqual({ window_ns: 0 });
  });
});

describe('machineGauges', () => {
  const proc = {
    '/proc/stat': 'cpu  100 0 0 0 0 0 0 0 0 0\n',
    '/proc/pressure/cpu': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=100\n',
    '/proc/10/stat': '10 (w) S 1 1 1 0 -1 0 0 0 0 0 50 0 0 0 20 0 1 0 1 1 1\n',
  };

  it('reads both ends of a window through the host', () => {
    const host = testHost({ files: proc });
    const close = machineGauges(host).openNoiseWindow(10);
    host.clock.advance_ns(2_000_000_000n);
    host.files.writeText('/proc/stat', 'cpu  500 0 0 0 0 0 0 20 0 0\n');
    host.files.writeText('/proc/10/stat', '10 (w) S 1 1 1 0 -1 0 0 0 0 0 350 0 0 0 20 0 1 0 1 1 1\n');
    host.files.writeText('/proc/pressure/cpu', 'some avg10=0.00 avg60=0.00 avg300=0.00 total=400100\n');
    const { harnessCpuShare, foreignCpuShare, ...rest } = close();
    expect(rest).toEqual({
      window_ns: 2_000_000_000,
      stealShare: 0.1,
      cpuPressureShare: 0.2,
      voluntarySwitches: 0,
      involuntarySwitches: 0,
      minorFaults: 0,
      majorFaults: 0,
    });
    expect(foreignCpuShare! + harnessCpuShare!).toBeCloseTo(0.5, 12);
  });

  it('gauges one repeat up to its answer, with what the kernel counted for every thread of the worker', () => {
    const status = (voluntary: number, forced: number): string =>
      `Name:\tw\nvoluntary_ctxt_switches:\t${voluntary}\nnonvoluntary_ctxt_switches:\t${forced}\n`;
    const host = testHost({
      files: {
        ...proc,
        '/proc/10/task/10/status': status(5, 1),
        '/proc/10/task/11/status': status(7, 0),
        '/sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq': '2100000\n',
        '/sys/devices/system/cpu/cpufreq/policy4/scaling_cur_freq': '3400000\n',
        '/sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count': '3\n',
      },
    });
    const gauge = machineGauges(host).openRepeat(10);
    // Neither is writing the request.
    host.clock.advance_ns(500_000_000n);
    gauge.sent();
    host.clock.advance_ns(1_000_000_000n);
    host.files.writeText('/proc/stat', 'cpu  250 0 0 0 0 0 0 10 0 0\n');
    host.files.writeText('/proc/10/stat', '10 (w) S 1 1 1 0 -1 0 30 0 2 0 150 0 0 0 20 0 1 0 1 1 1\n');
    host.files.writeText('/proc/10/task/10/status', status(9, 4));
    host.files.writeText('/sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count', '4\n');
    gauge.answered();
    // Decoding the answer is no part of the timed region.
    host.clock.advance_ns(1_000_000_000n);
    const { harnessCpuShare, foreignCpuShare, ...rest } = gauge.close();
    expect(rest).toEqual({
      window_ns: 1_000_000_000,
      stealShare: 0.04,
      cpuPressureShare: 0,
      voluntarySwitches: 4,
      involuntarySwitches: 3,
      minorFaults: 30,
      majorFaults: 2,
      frequency_Hz: 3.4e9,
      throttleEvents: 1,
    });
    expect(harnessCpuShare).toBeGreaterThanOrEqual(0);
    expect(foreignCpuShare).toBeGreaterThan(0.1);
  });

  it('says of a simulated engine only how long it took', () => {
    const host = testHost({ files: proc });
    const gauge = machineGauges(host).openRepeat(undefined);
    host.clock.advance_ns(5n);
    expect(gauge.close()).toEqual({ window_ns: 5 });
  });

  it('knows only its own time where there is no /proc', () => {
    const host = testHost({ system: { platform: 'darwin' } });
    expect(noiseSnapshot(host, 10)).toMatchObject({
      machine: undefined,
      worker: undefined,
      pressure_us: {},
    });
  });

  it('has memory only for a process of its own whose mark was reset', () => {
    const gauges = machineGauges(testHost({ files: proc }));
    expect(gauges.readMemory(undefined)).toMatchObject({ kind: 'missing' });
    expect(gauges.readMemory(10)).toMatchObject({
      kind: 'missing',
      reason: { en: 'the high-water mark was not reset before the cell' },
    });
  });
});
