/**
 * Part `findings`: how often the tests of `src/noise` cry wolf. Runs of white noise at two levels, far larger than the
 * sizes below which a finding is not worth a line, so that these do not protect from alarms.
 */
import type { FindingKind } from '../../src/noise/finding.ts';
import { findings } from '../../src/noise/findings.ts';
import { type SimulatedRun, simulateSeries } from '../../src/noise/simulated-series.ts';

const WORLDS = 2000;

const DESIGNS: readonly Omit<SimulatedRun, 'seed'>[] = [
  { launches: 2, rounds: 5, repeats: 2, between: 0.2, within: 0.2 },
  { launches: 4, rounds: 6, repeats: 4, between: 0.2, within: 0.2 },
  { launches: 4, rounds: 10, repeats: 4, between: 0.05, within: 0.3 },
];

export function benchFindings(say: (line: string) => void): object {
  return {
    worlds: WORLDS,
    designs: DESIGNS.map((design) => {
      const kinds: Partial<Record<FindingKind, number>> = {};
      let alarmed = 0;
      for (let seed = 0; seed < WORLDS; seed += 1) {
        const seen = findings(
          simulateSeries({
            ...design,
            seed,
            gauge: ({ ofLaunch, ofRepeat }) => ({ foreignCpuShare: ofLaunch, frequency_Hz: 3e9 * ofRepeat }),
          }),
        );
        if (seen.length > 0) alarmed += 1;
        for (const { kind } of seen) kinds[kind] = (kinds[kind] ?? 0) + 1;
      }
      const result = { ...design, falseAlarmRate: alarmed / WORLDS, alarmsByKind: kinds };
      say(JSON.stringify(result));
      return result;
    }),
  };
}
