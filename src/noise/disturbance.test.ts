import { describe, expect, it } from 'vitest';
import { disturbances } from './disturbance.ts';

const SECOND = 1_000_000_000;

describe('disturbances', () => {
  it('names what went beyond its limit', () => {
    expect(
      disturbances({ window_ns: SECOND, foreignCpuShare: 0.11, stealShare: 0.06, memoryPressureShare: 0.2 }),
    ).toEqual(['foreign-cpu', 'steal', 'memory-pressure']);
    expect(disturbances({ window_ns: SECOND, foreignCpuShare: 0.1, stealShare: 0.05 })).toEqual([]);
  });

  it('proves nothing by the ticks of the kernel in a short repeat', () => {
    expect(disturbances({ window_ns: SECOND / 10, foreignCpuShare: 0.4 })).toEqual([]);
    expect(disturbances({ window_ns: SECOND / 10, foreignCpuShare: 0.5 })).toEqual(['foreign-cpu']);
  });

  it('says nothing where nothing could be read', () => {
    expect(disturbances({ window_ns: SECOND })).toEqual([]);
  });
});
