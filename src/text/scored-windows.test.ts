import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCharacters } from './characters.ts';
import { scoredWindows, type WindowedText } from './scored-windows.ts';
import { TEST_TOKENIZERS, testTokenizer } from './test-tokenizers.ts';

const JAPANESE =
  '速さとは、同じ仕事を短い時間で終えることである。\n測るたびに値は揺れる。だから何度も測り、幅を添える。絵文字😀と鱻もある。\n';
const sourceOf = (text: string) => ({ name: 'a text', text, hash: '' });

function windowsOf(name: (typeof TEST_TOKENIZERS)[number], text: string, context = 8): WindowedText {
  return scoredWindows({
    tokenizer: testTokenizer(name),
    source: sourceOf(text),
    characters: countCharacters(text),
    windowCharacters: 10,
    contextTokens: context,
  });
}

describe('scoredWindows', () => {
  it.each(TEST_TOKENIZERS)('predicts every token but the first once, in order: %s', (name) => {
    const { encode, decode, prefixTokens } = testTokenizer(name);
    const { windows, tokens, characters } = windowsOf(name, JAPANESE);
    const ids = encode(JAPANESE);
    const predicted = windows.flatMap((window) => [...window.tokens]);
    const firsts = ids.length - predicted.length;
    expect(firsts).toBeGreaterThanOrEqual(1);
    expect(predicted).toEqual(ids.slice(firsts));
    expect(tokens).toBe(predicted.length);
    expect(characters).toBe(countCharacters(decode(ids)) - countCharacters(decode(ids.slice(0, firsts))));
    let start = firsts;
    for (const window of windows) {
      expect(window.context).toEqual([...prefixTokens, ...ids.slice(Math.max(0, start - 8), start)]);
      start += window.tokens.length;
    }
  });

  it('never ends inside a character that byte pieces share', () => {
    const { decode } = testTokenizer('bpe-bytes');
    const { windows } = windowsOf('bpe-bytes', '鱻😀'.repeat(40));
    for (const { tokens, characters } of windows) {
      expect(decode(tokens)).not.toContain('\uFFFD');
      expect(countCharacters(decode(tokens).trimStart())).toBeLessThanOrEqual(characters);
    }
  });

  it('has windows of about the length asked for, whatever the tokenizer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.constantFrom(...TEST_TOKENIZERS), (length, name) => {
        const { windows, characters } = scoredWindows({
          tokenizer: testTokenizer(name),
          source: sourceOf(JAPANESE.repeat(3)),
          characters: 120,
          windowCharacters: length,
          contextTokens: 4,
        });
        for (const window of windows.slice(0, -1)) {
          expect(window.characters).toBeGreaterThanOrEqual(length);
        }
        expect(characters).toBe(windows.reduce((sum, window) => sum + window.characters, 0));
      }),
      { numRuns: 30 },
    );
  });

  it('says whether the text comes back', () => {
    expect(windowsOf('byte-level-bpe', JAPANESE).comesBack).toBe(true);
    expect(windowsOf('unigram', 'ﾊﾝｶｸ㍻ and more of the text').comesBack).toBe(false);
  });

  it('refuses a text that is too short', () => {
    const init = { windowCharacters: 10, contextTokens: 8, tokenizer: testTokenizer('byte-level-bpe') };
    expect(() => scoredWindows({ ...init, source: sourceOf('速い'), characters: 10 })).toThrow(
      'a text: has 2 characters, 10 are asked for',
    );
    expect(() => scoredWindows({ ...init, source: sourceOf('a'), characters: 1 })).toThrow('a text: has 1');
  });
});
