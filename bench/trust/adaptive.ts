/** What stopping when it is decided saves: rounds and repeats chosen as `hayasa ab` does, against all blocks with all repeats. */
import { compareSequentially } from '../../src/compare/sequential.ts';
import { repeatsAtMost, type TimedLaunch } from '../../src/schedule/repeats.ts';
import type { Comparison } from '../../src/stats/comparison.ts';
import type { SequentialDesign } from '../../src/stats/sequential.ts';
import { compared, MARGIN, type Many, paired, sidesOf } from './comparisons.ts';
import { FEWEST_REPEATS, LAUNCH_MS, REPEAT_MS, REPEATS, type Values, type World } from './worlds.ts';

export interface Adaptive {
  readonly noise: World['noise'];
  readonly trueRatio: number;
  /** Blocks at the last look. */
  readonly mostBlocks: number;
  /** Share of worlds that were decided, right and wrong. */
  readonly right: number;
  readonly wrong: number;
  /** The same of the fixed design, all blocks and one ordinary look at the end. */
  readonly rightWhenFixed: number;
  readonly wrongWhenFixed: number;
  /** Repeats of both sides, mean over worlds; undecided worlds count with all that they took. */
  readonly meanRepeats: number;
  readonly repeatsWhenFixed: number;
  /** Blocks of two launches, mean over worlds. */
  readonly meanBlocks: number;
  readonly blocksWhenFixed: number;
  /** Time of launches and repeats as a share of the fixed design's. */
  readonly timeShare: number;
}

/** A run that stops as soon as it is decided, against one of `blocksWhenFixed` blocks with all repeats. */
export function adaptive(
  world: World,
  design: SequentialDesign,
  { trueRatio, blocksWhenFixed }: Pick<Adaptive, 'trueRatio' | 'blocksWhenFixed'>,
  { worlds, seed }: Many,
): Adaptive {
  const count = { right: 0, wrong: 0, rightWhenFixed: 0, wrongWhenFixed: 0, blocks: 0, repeats: 0 };
  const isRight = (outcome: Comparison['outcome']): boolean =>
    trueRatio === 1 ? outcome === 'equivalent' : outcome === 'faster';
  for (let number = 0; number < worlds; number += 1) {
    const all = sidesOf(world, seed, number, design.maximum, trueRatio);
    const { outcome, blocks, repeats } = untilDecided(all, design);
    const fixed = compared(paired(sidesOf(world, seed, number, blocksWhenFixed, trueRatio))).outcome;
    count.blocks += blocks;
    count.repeats += repeats;
    if (outcome !== 'undecided') count[isRight(outcome) ? 'right' : 'wrong'] += 1;
    if (fixed !== 'undecided') count[isRight(fixed) ? 'rightWhenFixed' : 'wrongWhenFixed'] += 1;
  }
  const repeatsWhenFixed = 2 * REPEATS * blocksWhenFixed;
  const time_ms = (blocks: number, repeats: number): number => 2 * blocks * LAUNCH_MS + repeats * REPEAT_MS;
  return {
    noise: world.noise,
    trueRatio,
    mostBlocks: design.maximum,
    right: count.right / worlds,
    wrong: count.wrong / worlds,
    rightWhenFixed: count.rightWhenFixed / worlds,
    wrongWhenFixed: count.wrongWhenFixed / worlds,
    meanRepeats: count.repeats / worlds,
    repeatsWhenFixed,
    meanBlocks: count.blocks / worlds,
    blocksWhenFixed,
    timeShare: time_ms(count.blocks, count.repeats) / (worlds * time_ms(blocksWhenFixed, repeatsWhenFixed)),
  };
}

interface Decided {
  readonly outcome: Comparison['outcome'];
  readonly blocks: number;
  /** Of both sides. */
  readonly repeats: number;
}

/** As `hayasa ab` measures and decides: a launch's first repeats are those that it would have had with fewer. */
function untilDecided(all: readonly [Values, Values], { first, maximum }: SequentialDesign): Decided {
  let seen: readonly [Values, Values] = [[], []];
  let repeats = 0;
  for (let block = 0; block < maximum; block += 1) {
    const most = nextRepeats(seen);
    seen = [taken(seen[0], all[0], most), taken(seen[1], all[1], most)];
    repeats += 2 * most;
    const sides = { kind: 'paired' as const, blocks: paired(seen) };
    const [comparison] = compareSequentially([sides], { first, maximum }, MARGIN);
    const outcome = comparison?.outcome ?? 'undecided';
    if (outcome !== 'undecided') return { outcome, blocks: block + 1, repeats };
  }
  return { outcome: 'undecided', blocks: maximum, repeats };
}

/** `seen` and the next launch of `all` with its first `repeats`. */
export const taken = (seen: Values, all: Values, repeats: number): Values => [
  ...seen,
  (all[seen.length] ?? []).slice(0, repeats),
];

/** Repeats of the next launch of each of `sides`. */
export const nextRepeats = (sides: readonly Values[]): number =>
  repeatsAtMost(
    sides.map((side) =>
      side.map(
        (values, block): TimedLaunch => ({
          block: String(block),
          values,
          launch_ms: LAUNCH_MS,
          repeat_ms: REPEAT_MS,
        }),
      ),
    ),
    { minimum: FEWEST_REPEATS, maximum: REPEATS },
  );
