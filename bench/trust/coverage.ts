/** How often a nominal 95 % interval of a mean holds the truth, and how wide it is. */
import { type Maybe, presentValue } from '../../src/kernel/maybe.ts';
import { type Estimate, relativeHalfWidth } from '../../src/stats/estimate.ts';
import { meanInterval } from '../../src/stats/mean-interval.ts';
import { isNarrow, repeatedInterval } from '../../src/stats/repeated-interval.ts';
import type { SequentialDesign } from '../../src/stats/sequential.ts';
import { nextRepeats, taken } from './adaptive.ts';
import { runMachine, truth, type Values, type World } from './worlds.ts';

export const QUANTITIES = ['rate', 'duration'] as const;
export type Quantity = (typeof QUANTITIES)[number];

export interface Coverage {
  readonly noise: World['noise'];
  /** `rate`: throughput; `duration`: latency. */
  readonly quantity: Quantity;
  readonly launches: number;
  /** Share of worlds whose interval holds the truth. */
  readonly covered: number;
  /** Half of the interval over the value, mean over worlds. */
  readonly halfWidth: number;
}

/** Coverage over `worlds` worlds of `launches` launches each. */
export function coverage(
  world: World,
  quantity: Quantity,
  launches: number,
  { worlds, seed }: { readonly worlds: number; readonly seed: number },
): Coverage {
  let covered = 0;
  let halfWidths = 0;
  for (let number = 0; number < worlds; number += 1) {
    const machine = runMachine(world, seed, number, { rounds: launches, sides: 1 });
    const estimate = presentValue(meanInterval(valuesOf(machine.sides[0], quantity)));
    const interval = estimate === undefined ? undefined : presentValue(estimate.interval);
    if (estimate === undefined || interval === undefined) continue;
    const true_ = truth(machine, launches, powerOf(quantity));
    if (interval.low <= true_ && true_ <= interval.high) covered += 1;
    halfWidths += relativeHalfWidth(estimate) ?? 0;
  }
  return {
    noise: world.noise,
    quantity,
    launches,
    covered: covered / worlds,
    halfWidth: halfWidths / worlds,
  };
}

export interface StoppedCoverage {
  readonly noise: World['noise'];
  /** The interval's half width at which a cell has enough. */
  readonly width: number;
  /** Share of worlds whose interval, where they stopped, holds the truth: by the design's looks. */
  readonly covered: number;
  /** The same where ordinary intervals are looked at and stopped at. */
  readonly coveredByOrdinary: number;
  readonly meanLaunches: number;
  readonly meanRepeats: number;
}

/** Rates, stopped as soon as the interval is narrow or the design's maximum is reached; repeats chosen as in a run. */
export function stoppedCoverage(
  world: World,
  design: SequentialDesign,
  width: number,
  { worlds, seed }: { readonly worlds: number; readonly seed: number },
): StoppedCoverage {
  let covered = 0;
  let ordinary = 0;
  let launches = 0;
  let repeats = 0;
  const rounds = design.maximum;
  for (let number = 0; number < worlds; number += 1) {
    const machine = runMachine(world, seed, number, { rounds, sides: 1 });
    const values = withChosenRepeats(valuesOf(machine.sides[0], 'rate'));
    const holds = (estimate: Maybe<Estimate>): boolean => {
      if (estimate.kind === 'missing') return false;
      const interval = presentValue(estimate.value.interval);
      const true_ = truth(machine, estimate.value.launches, powerOf('rate'));
      return interval !== undefined && interval.low <= true_ && true_ <= interval.high;
    };
    const looks = design.looks.map((look) => values.slice(0, look.launches));
    const stopped = looks.find((seen) => isNarrow(seen, design, width)) ?? values;
    if (holds(repeatedInterval(stopped, design))) covered += 1;
    launches += stopped.length;
    repeats += stopped.flat().length;
    const careless =
      looks.find((seen) => {
        const estimate = presentValue(meanInterval(seen));
        return estimate !== undefined && (relativeHalfWidth(estimate) ?? Number.POSITIVE_INFINITY) <= width;
      }) ?? values;
    if (holds(meanInterval(careless))) ordinary += 1;
  }
  return {
    noise: world.noise,
    width,
    covered: covered / worlds,
    coveredByOrdinary: ordinary / worlds,
    meanLaunches: launches / worlds,
    meanRepeats: repeats / worlds,
  };
}

const withChosenRepeats = (all: Values): Values =>
  all.reduce((seen: Values) => taken(seen, all, nextRepeats([seen])), []);

const powerOf =
  (quantity: Quantity) =>
  (duration: number): number =>
    quantity === 'rate' ? 1 / duration : duration;

const valuesOf = (side: Values | undefined, quantity: Quantity): Values =>
  (side ?? []).map((launch) => launch.map(powerOf(quantity)));
