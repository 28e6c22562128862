/** What `compareSides` says of two sides of known ratio: false alarms and power. */
import { presentValue } from '../../src/kernel/maybe.ts';
import { type Comparison, compareSides } from '../../src/stats/comparison.ts';
import { mean } from '../../src/stats/moments.ts';
import { runMachine, type Values, type World } from './worlds.ts';

/** Ratios within 2 % of 1 count as equal, as in a report. */
export const MARGIN = 0.02;

export interface Many {
  readonly worlds: number;
  readonly seed: number;
}

export interface Alarms {
  readonly noise: World['noise'];
  readonly blocks: number;
  /** Share of worlds of equal sides that were called faster or slower. */
  readonly falseAlarms: number;
  /** Share of worlds in which a true ratio of the size that an equal experiment had printed was found, with its sign. */
  readonly powerAtDetectable: number;
  /** The minimum detectable ratio that was printed, median over worlds. */
  readonly medianDetectable: number;
}

export function alarms(world: World, blocks: number, { worlds, seed }: Many): Alarms {
  let falseAlarms = 0;
  let found = 0;
  const printed: number[] = [];
  for (let number = 0; number < worlds; number += 1) {
    const equal = compared(pairs(world, seed, 2 * number, blocks, 1));
    if (equal.outcome === 'faster' || equal.outcome === 'slower') falseAlarms += 1;
    const ratio = presentValue(equal.minimumDetectableRatio);
    if (ratio === undefined) continue;
    printed.push(ratio);
    if (compared(pairs(world, seed, 2 * number + 1, blocks, ratio)).outcome === 'faster') found += 1;
  }
  return {
    noise: world.noise,
    blocks,
    falseAlarms: falseAlarms / worlds,
    powerAtDetectable: found / worlds,
    medianDetectable: printed.sort((a, b) => a - b)[printed.length >> 1] ?? Number.NaN,
  };
}

export interface Pair {
  readonly a: number;
  readonly b: number;
}

export const compared = (blocks: readonly Pair[]): Comparison =>
  compareSides({ kind: 'paired', blocks }, { margin: MARGIN });

function pairs(world: World, seed: number, number: number, blocks: number, ratio: number): Pair[] {
  return paired(sidesOf(world, seed, number, blocks, ratio));
}

/** Rates of both sides, launch by launch and repeat by repeat; the first is faster by `ratio`. */
export function sidesOf(
  world: World,
  seed: number,
  number: number,
  blocks: number,
  ratio: number,
): readonly [Values, Values] {
  const [first = [], second = []] = runMachine(world, seed, number, { rounds: blocks, sides: 2 }).sides;
  const rates = (side: Values, factor: number): Values =>
    side.map((launch) => launch.map((duration) => factor / duration));
  return [rates(first, ratio), rates(second, 1)];
}

/** Launch means of both sides, block by block. */
export const paired = ([a, b]: readonly [Values, Values]): Pair[] =>
  a.map((launch, block) => ({ a: meanOf(launch), b: meanOf(b[block] ?? []) }));

const meanOf = (rates: readonly number[]): number => presentValue(mean(rates)) ?? Number.NaN;
