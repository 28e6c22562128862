import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamDecoder } from './stream-decoder.ts';
import { TEST_TOKENIZERS, testTokenizer } from './test-tokenizers.ts';

/** Pieces of text that tokenizers cut in different places. */
const text = fc
  .array(fc.constantFrom('速さ', '鱻', '😀', '👨\u200d👩\u200d👧', ' a', '  ', '\n', 'ｶﾞ', '𠮟', 'か\u3099'), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

describe.each(TEST_TOKENIZERS)('streamDecoder of %s', (name) => {
  const tokenizer = testTokenizer(name);

  it('adds up to the whole text, however tokens arrive', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (whole, size) => {
        const tokens = tokenizer.encode(whole);
        const stream = streamDecoder(tokenizer);
        let out = '';
        for (let i = 0; i < tokens.length; i += size) out += stream.push(tokens.slice(i, i + size));
        expect(out + stream.end()).toBe(tokenizer.decode(tokens));
      }),
    );
  });
});

describe('streamDecoder', () => {
  it('holds a character back until it is whole', () => {
    const tokenizer = testTokenizer('byte-level-bpe');
    const tokens = tokenizer.encode('😀');
    expect(tokens.length).toBeGreaterThan(1);
    const stream = streamDecoder(tokenizer);
    expect(tokens.map((token) => stream.push([token]))).toEqual([
      ...Array.from({ length: tokens.length - 1 }, () => ''),
      '😀',
    ]);
    expect(stream.end()).toBe('');
  });

  it('gives a cut character at the end', () => {
    const tokenizer = testTokenizer('byte-level-bpe');
    const stream = streamDecoder(tokenizer);
    expect(stream.push(tokenizer.encode('😀').slice(0, 1))).toBe('');
    expect(stream.end()).toBe('\uFFFD');
  });
});
