/**
 * The order of one round: blocks in seeded random order, launches shuffled inside each. Blocks stay whole, so that the
 * two sides of a comparison are minutes apart at most; the shuffle keeps any engine from always being first.
 *
 * Inside a launch, cells change places from round to round: ascending memory, its reverse, a seeded shuffle, its reverse,
 * and again. What drifts steadily while a launch lasts then moves a cell as often one way as the other, and cancels in two
 * rounds (Cox, "Planning of Experiments", 1958, chapter 14, on balance for trends). Ascending memory comes back because
 * peak memory is read only of cells that no larger one was served before: engines keep what they once took.
 */
import { randomStream } from '../kernel/random.ts';

export interface BlockOfLaunches {
  /** Index of the block in the plan. */
  readonly block: number;
  /** Launch keys. */
  readonly launches: readonly string[];
}

/** The round's blocks and launches in the order in which they run; the same for the same seed and round. */
export function roundOrder(
  blocks: readonly BlockOfLaunches[],
  seed: number,
  round: number,
): BlockOfLaunches[] {
  const random = randomStream(seed, `order of round ${round}`);
  return random.shuffle(blocks).map(({ block, launches }) => ({ block, launches: random.shuffle(launches) }));
}

/** After so many rounds cells are in ascending order again. */
const ROUNDS_OF_ORDERS = 4;

/**
 * The cells of a launch of `block` in the order in which `round` serves them; `ascending` is the order by memory. Launches of
 * one block that have equally many cells get the same order, so that what is compared keeps its place.
 */
export function cellOrder<T>(ascending: readonly T[], seed: number, block: number, round: number): T[] {
  const turn = round % ROUNDS_OF_ORDERS;
  const order =
    turn < 2
      ? [...ascending]
      : randomStream(seed, `order of cells in block ${block}, rounds from ${round - turn}`).shuffle(
          ascending,
        );
  return turn % 2 === 0 ? order : order.reverse();
}
