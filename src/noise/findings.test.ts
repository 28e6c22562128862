import { describe, expect, it } from 'vitest';
import { findings } from './findings.ts';
import { type SimulatedRun, simulateSeries } from './simulated-series.ts';

const RUN: SimulatedRun = { seed: 0, launches: 4, rounds: 6, repeats: 4, between: 0.01, within: 0.01 };
const found = (change: Partial<SimulatedRun>) => findings(simulateSeries({ ...RUN, ...change }));
const kinds = (change: Partial<SimulatedRun>) => found(change).map(({ kind }) => kind);

describe('findings', () => {
  it('say nothing of a quiet run, of one launch, and of nothing', () => {
    expect(findings(simulateSeries(RUN))).toEqual([]);
    expect(found({ rounds: 1, launches: 1, repeats: 1 })).toEqual([]);
    expect(findings([])).toEqual([]);
  });

  it('name a drift with its size', () => {
    const [drift] = found({ fault: ({ round }) => -0.03 * round });
    expect(drift).toMatchObject({ kind: 'drift', evidence: { points: 24 } });
    expect(drift?.evidence.effect).toBeCloseTo(Math.exp(-0.15) - 1, 1);
    expect(drift?.sentence.en).toMatch(/became 1\d\.\d % lower from the first to the last round/);
  });

  it('name a step, and where it was', () => {
    const [step] = found({ fault: ({ order }) => (order >= 9 ? -0.12 : 0) });
    expect(step?.kind).toBe('step-change');
    expect(step?.sentence.en).toContain('from launch 10 of 24 on (round 3)');
  });

  it('name a warm-up that was not over', () => {
    expect(kinds({ fault: ({ repeat }) => (repeat === 0 ? -0.08 : 0) })).toEqual(['warm-up-not-over']);
  });

  it('name two speeds between launches, and within them', () => {
    expect(kinds({ rounds: 10, fault: ({ ofLaunch }) => (ofLaunch < 0.5 ? -0.3 : 0) })).toContain(
      'two-speeds-between-launches',
    );
    expect(kinds({ repeats: 12, fault: ({ ofRepeat }) => (ofRepeat < 0.4 ? -0.3 : 0) })).toContain(
      'two-speeds-within-launches',
    );
  });

  it('name two speeds of 48,000 repeats, which took the square of their number', () => {
    const [speeds] = found({ repeats: 1000, fault: ({ ofRepeat }) => (ofRepeat < 0.4 ? -0.3 : 0) });
    expect(speeds).toMatchObject({ kind: 'two-speeds-within-launches', evidence: { p: 0.001 } });
    expect(speeds?.evidence.effect).toBeCloseTo(Math.exp(-0.3) - 1, 2);
  });

  it('name a neighbour, and heat', () => {
    expect(
      kinds({
        fault: ({ ofLaunch }) => -0.2 * ofLaunch,
        gauge: ({ ofLaunch }) => ({ foreignCpuShare: ofLaunch }),
      }),
    ).toEqual(['neighbour']);
    expect(
      kinds({
        fault: ({ ofLaunch }) => -0.2 * ofLaunch,
        gauge: ({ ofLaunch }) => ({ frequency_Hz: 3e9 - 1e9 * ofLaunch }),
      }),
    ).toEqual(['thermal']);
    expect(found({ gauge: ({ order }) => ({ throttleEvents: order === 3 ? 2 : 0 }) })).toMatchObject([
      { kind: 'thermal', sentence: { en: expect.stringContaining('in 8 of 192 repeats') as string } },
    ]);
  });

  it('cry wolf in few runs of white noise, however large', () => {
    const worlds = 60;
    const alarms = Array.from({ length: worlds }, (_, seed) =>
      kinds({
        seed,
        between: 0.2,
        within: 0.2,
        gauge: ({ ofLaunch, ofRepeat }) => ({ foreignCpuShare: ofLaunch, frequency_Hz: 3e9 * ofRepeat }),
      }),
    ).filter((seen) => seen.length > 0);
    // At most 6 % of runs by design, 3 to 4 of these 60; bench/results has 2,000 runs of each of several designs.
    expect(alarms.length / worlds).toBeLessThanOrEqual(0.1);
  });
});
