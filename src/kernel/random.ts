/**
 * Named random streams from one seed: each source of randomness has its own stream, so that adding one never shifts
 * another. Seed 0 is a seed.
 */
import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface RandomStream {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform integer in [0, bound), bound >= 1. */
  integer(bound: number): number;
  /** Standard normal deviate (Box-Muller). */
  normal(): number;
  /** A new array in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

/** The stream called `name` of `seed` (any integer). */
export function randomStream(seed: number, name: string): RandomStream {
  const digest = createHash('sha256').update(`${seed}\u0000${name}`).digest();
  const generator = xoroshiro128plus(digest.readInt32LE(0));
  const integer = (bound: number): number => uniformInt(generator, 0, bound - 1);
  const next = (): number => integer(4294967296) / 4294967296;
  return {
    next,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: (items) => {
      const result = [...items];
      for (let i = result.length - 1; i > 0; i -= 1) {
        const j = integer(i + 1);
        const a = result[i] as (typeof result)[number];
        result[i] = result[j] as (typeof result)[number];
        result[j] = a;
      }
      return result;
    },
  };
}
