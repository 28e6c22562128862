/** Speeds of a simulated run, for tests and simulations: cells that share launches, noise of both levels, and a fault. */
import { randomStream } from '../kernel/random.ts';
import type { RepeatSpeed, SpeedSeries } from './series.ts';

export interface SimulatedRun {
  readonly seed: number;
  /** Launches of a round; each serves two cells. */
  readonly launches: number;
  readonly rounds: number;
  readonly repeats: number;
  /** Standard deviation of the logarithm between launches, and of one repeat. */
  readonly between: number;
  readonly within: number;
  /** Added to the logarithm of a repeat's speed. */
  readonly fault?: (at: SimulatedPlace) => number;
  /** What the gauge read. */
  readonly gauge?: (at: SimulatedPlace) => Omit<RepeatSpeed, 'logSpeed'>;
}

export interface SimulatedPlace {
  /** Of the launch, among all of the run. */
  readonly order: number;
  readonly round: number;
  readonly repeat: number;
  /** Uniform in [0, 1), one per launch, and one per repeat. */
  readonly ofLaunch: number;
  readonly ofRepeat: number;
}

export function simulateSeries(run: SimulatedRun): SpeedSeries[] {
  const { launches, rounds, repeats, between, within } = run;
  const stream = randomStream(run.seed, 'simulated series');
  const cells = Array.from({ length: 2 * launches }, (_, cell) => ({
    cell: `cell ${cell}`,
    launches: [] as { order: number; round: number; repeats: RepeatSpeed[] }[],
  }));
  for (let order = 0; order < launches * rounds; order += 1) {
    const round = Math.floor(order / launches);
    const launchEffect = between * stream.normal();
    const ofLaunch = stream.next();
    for (const half of [0, 1]) {
      const values = Array.from({ length: repeats }, (_, repeat) => {
        const at = { order, round, repeat, ofLaunch, ofRepeat: stream.next() };
        const noise = launchEffect + within * stream.normal();
        return { logSpeed: half + noise + (run.fault?.(at) ?? 0), ...run.gauge?.(at) };
      });
      cells[2 * (order % launches) + half]?.launches.push({ order, round, repeats: values });
    }
  }
  return cells;
}
