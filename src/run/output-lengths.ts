/**
 * How many new tokens each sequence gets. Drawn lengths are forced upon the engine sequence by sequence, so that every
 * repeat, engine and precision generates the same amount; length i is the same whatever the batch, as prompt i is.
 */
import type { Cell, Stop } from '../axes/cell.ts';
import { type RandomStream, randomStream } from '../kernel/random.ts';

/** The mean of geometric lengths that nothing cuts off, as a share of the maximum. */
const GEOMETRIC_MEAN = 1 / 4;

/** New tokens of each of the cell's sequences, at most; drawn from `seed` (any integer) where the cell asks for it. */
export function outputLengths(
  { batch, outputTokens, stop }: Pick<Cell, 'batch' | 'outputTokens' | 'stop'>,
  seed: number,
): number[] {
  return Array.from({ length: batch }, (_, index) =>
    outputLength(stop, outputTokens, () => randomStream(seed, `output lengths: of ${index}`)),
  );
}

function outputLength(stop: Stop, maximum: number, stream: () => RandomStream): number {
  switch (stop) {
    case 'forced':
    case 'natural':
      return maximum;
    case 'drawn-uniform':
      return 1 + stream().integer(maximum);
    case 'drawn-geometric':
      return geometricLength(maximum, stream().next());
  }
}

/**
 * An end is as likely at every token: P(length > n) = (1 - p)^n with p = 1 / mean, cut at `maximum`. By inversion: the
 * least n with 1 - (1 - p)^n > u, for u uniform in [0, 1).
 */
function geometricLength(maximum: number, u: number): number {
  const mean = maximum * GEOMETRIC_MEAN;
  if (mean <= 1) return 1;
  return Math.min(maximum, 1 + Math.floor(Math.log(1 - u) / Math.log(1 - 1 / mean)));
}
