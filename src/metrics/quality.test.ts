import { describe, expect, it } from 'vitest';
import { presentValue } from '../kernel/maybe.ts';
import { bitsPerCharacter, bitsPerCharacterAbove, perplexityPerToken } from './quality.ts';

const windows = [
  { characters: 10, tokens: 5 },
  { characters: 20, tokens: 10 },
];
const scores = (bits: readonly number[]) => ({ windows, logLikelihoods: bits.map((one) => -one * Math.LN2) });

describe('quality', () => {
  it('is bits over characters', () => {
    expect(presentValue(bitsPerCharacter(scores([20, 70])))?.value).toBeCloseTo(3, 12);
  });

  it('is compared window by window', () => {
    const above = presentValue(bitsPerCharacterAbove(scores([21, 72]), scores([20, 70])))!;
    expect(above.value).toBeCloseTo(0.1, 12);
    // The difference is 0.1 in each window: it varies by nothing, although the windows do.
    expect(presentValue(above.interval)?.high).toBeCloseTo(0.1, 12);
    expect(
      bitsPerCharacterAbove(scores([21, 72]), { ...scores([20, 70]), windows: [...windows].reverse() }),
    ).toMatchObject({ kind: 'missing', reason: { en: 'cut into other windows: another text or tokenizer' } });
  });

  it('gives the perplexity of a token', () => {
    // 90 bits over 15 tokens
    expect(presentValue(perplexityPerToken(scores([20, 70])))).toBeCloseTo(2 ** 6, 9);
  });
});
