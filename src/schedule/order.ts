/**
 * The order of one round: blocks in seeded random order, launches shuffled inside each. Blocks stay whole, so that the
 * two sides of a comparison are minutes apart at most; the shuffle keeps any engine from always being first.
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
