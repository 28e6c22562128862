/** What `compareSides` says of two sides of known ratio: false alarms, power, and what stopping early saves. */
import { compareSequentially } from '../../src/compare/sequential.ts';
import { presentValue } from '../../src/kernel/maybe.ts';
import { type Comparison, compareSides } from '../../src/stats/comparison.ts';
import { mean } from '../../src/stats/moments.ts';
import type { SequentialDesign } from '../../src/stats/sequential.ts';
import { REPEATS, runMachine, type World } from './worlds.ts';

/** Ratios within 2 % of 1 count as equal, as in a report. */
const MARGIN = 0.02;

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

export interface Adaptive {
  readonly noise: World['noise'];
  readonly trueRatio: number;
  /** Share of worlds that were decided, right and wrong. */
  readonly right: number;
  readonly wrong: number;
  /** The same of the fixed design, all blocks and one ordinary look at the end. */
  readonly rightWhenFixed: number;
  readonly wrongWhenFixed: number;
  /** Repeats of both sides, mean over worlds; undecided worlds count with all. */
  readonly meanRepeats: number;
  readonly repeatsWhenFixed: number;
}

/** A run that stops as soon as it is decided, against one of `design.maximum` blocks. */
export function adaptive(
  world: World,
  design: SequentialDesign,
  trueRatio: number,
  { worlds, seed }: Many,
): Adaptive {
  const count = { right: 0, wrong: 0, rightWhenFixed: 0, wrongWhenFixed: 0, blocks: 0 };
  const isRight = (outcome: Comparison['outcome']): boolean =>
    trueRatio === 1 ? outcome === 'equivalent' : outcome === 'faster';
  for (let number = 0; number < worlds; number += 1) {
    const all = pairs(world, seed, number, design.maximum, trueRatio);
    const { outcome, blocks } = firstDecision(all, design);
    const fixed = compared(all).outcome;
    count.blocks += blocks;
    if (outcome !== 'undecided') count[isRight(outcome) ? 'right' : 'wrong'] += 1;
    if (fixed !== 'undecided') count[isRight(fixed) ? 'rightWhenFixed' : 'wrongWhenFixed'] += 1;
  }
  return {
    noise: world.noise,
    trueRatio,
    right: count.right / worlds,
    wrong: count.wrong / worlds,
    rightWhenFixed: count.rightWhenFixed / worlds,
    wrongWhenFixed: count.wrongWhenFixed / worlds,
    meanRepeats: (2 * REPEATS * count.blocks) / worlds,
    repeatsWhenFixed: 2 * REPEATS * design.maximum,
  };
}

/** As `hayasa ab` decides. */
function firstDecision(
  blocks: readonly Pair[],
  { first, maximum }: SequentialDesign,
): { readonly outcome: Comparison['outcome']; readonly blocks: number } {
  const [comparison] = compareSequentially([{ kind: 'paired', blocks }], { first, maximum }, MARGIN);
  const ratio = comparison === undefined ? undefined : presentValue(comparison.ratio);
  return { outcome: comparison?.outcome ?? 'undecided', blocks: ratio?.launches ?? maximum };
}

interface Pair {
  readonly a: number;
  readonly b: number;
}

const compared = (blocks: readonly Pair[]): Comparison =>
  compareSides({ kind: 'paired', blocks }, { margin: MARGIN });

/** Rates of both sides block by block, the first faster by `ratio`. */
function pairs(world: World, seed: number, number: number, blocks: number, ratio: number): Pair[] {
  const [first = [], second = []] = runMachine(world, seed, number, { rounds: blocks, sides: 2 }).sides;
  return first.map((launch, block) => ({
    a: ratio * rateOf(launch),
    b: rateOf(second[block] ?? []),
  }));
}

const rateOf = (durations: readonly number[]): number =>
  presentValue(mean(durations.map((duration) => 1 / duration))) ?? Number.NaN;
