import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptLength, tokenIdPrompts } from './prompts.ts';

const base = {
  vocabularySize: 512,
  count: 16,
  lengths: 'equal',
  inputTokens: 64,
  seed: 0,
  reservedTokens: [0, 3],
} as const;

describe('tokenIdPrompts', () => {
  it('gives prompts of exact lengths, all different, without reserved tokens', () => {
    const prompts = tokenIdPrompts(base);
    expect(prompts.map((prompt) => prompt.length)).toEqual(Array.from({ length: 16 }, () => 64));
    expect(new Set(prompts.map(String)).size).toBe(16);
    expect(prompts.flat().filter((token) => token === 0 || token === 3 || token >= 512)).toEqual([]);
  });

  it('gives prompt i whatever the batch, and a longer one starts with the shorter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        (a, b, seed) => {
          const [few, many] = [Math.min(a, b), Math.max(a, b)];
          expect(tokenIdPrompts({ ...base, seed, count: many }).slice(0, few)).toEqual(
            tokenIdPrompts({ ...base, seed, count: few }),
          );
          const short = tokenIdPrompts({ ...base, seed, inputTokens: few });
          const long = tokenIdPrompts({ ...base, seed, inputTokens: many });
          expect(long.map((prompt) => prompt.slice(0, few))).toEqual(short);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('keeps one-token prompts different', () => {
    const prompts = tokenIdPrompts({ ...base, inputTokens: 1, count: 510 });
    expect(new Set(prompts.flat()).size).toBe(510);
  });

  it('draws ragged lengths from a quarter to the whole', () => {
    const lengths = tokenIdPrompts({ ...base, lengths: 'ragged', count: 2000 }).map(
      (prompt) => prompt.length,
    );
    expect(Math.min(...lengths)).toBe(16);
    expect(Math.max(...lengths)).toBe(64);
    expect(lengths[5]).toBe(promptLength({ ...base, lengths: 'ragged' }, 5));
    expect(promptLength({ ...base, lengths: 'ragged', inputTokens: 1 }, 5)).toBe(1);
  });

  it('depends on the seed, 0 included, and refuses a vocabulary of reserved tokens', () => {
    expect(tokenIdPrompts(base)).not.toEqual(tokenIdPrompts({ ...base, seed: 1 }));
    expect(() => tokenIdPrompts({ ...base, vocabularySize: 1 })).toThrow(/leaves none/);
  });
});
