import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from './random.ts';

describe('randomStream', () => {
  it('repeats itself for the same seed and name', () => {
    const take = (seed: number, name: string) => {
      const stream = randomStream(seed, name);
      return [stream.next(), stream.integer(1000), stream.normal()];
    };
    expect(take(7, 'prompts')).toEqual(take(7, 'prompts'));
    expect(take(7, 'prompts')).not.toEqual(take(7, 'blocks'));
  });

  it('treats seed 0 as a seed of its own', () => {
    expect(randomStream(0, 'a').next()).not.toBe(randomStream(1, 'a').next());
  });

  it('shuffles without losing or doubling an item', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const shuffled = randomStream(seed, 'shuffle').shuffle(items);
        expect([...shuffled].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
      }),
    );
  });

  it('draws every integer below the bound and none beyond', () => {
    const stream = randomStream(3, 'integers');
    const seen = new Set(Array.from({ length: 400 }, () => stream.integer(5)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});
