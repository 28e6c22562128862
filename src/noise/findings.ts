/** Every test on the speeds of a run, in the order of the report. Deterministic: the random orders are seeded. */
import { randomStream } from '../kernel/random.ts';
import { neighbour, thermal } from './causes.ts';
import type { Finding } from './finding.ts';
import { levelChanges } from './level-changes.ts';
import { launchDeviations, type SpeedSeries } from './series.ts';
import { twoSpeeds } from './two-speeds.ts';
import { warmUpNotOver } from './warm-up.ts';

/** What the speeds say of the machine; empty where they say nothing, or are too few. */
export function findings(series: readonly SpeedSeries[]): Finding[] {
  const launches = launchDeviations(series);
  const stream = (test: string) => randomStream(0, `noise findings: ${test}`);
  const warmUp = warmUpNotOver(series);
  // Slow first repeats are a second speed within launches: one finding is enough.
  const isExplained = ({ kind }: Finding): boolean =>
    kind === 'two-speeds-within-launches' && warmUp.length > 0;
  return [
    ...levelChanges(launches, stream('level')),
    ...warmUp,
    ...twoSpeeds(series, launches, stream('two speeds')).filter((one) => !isExplained(one)),
    ...neighbour(launches, stream('neighbour')),
    ...thermal(series, launches, stream('thermal')),
  ];
}
