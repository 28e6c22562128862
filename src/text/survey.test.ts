import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realFiles } from '../host/files.ts';
import { testHost } from '../host/test-host.ts';
import { chunks } from './chunks.ts';
import { surveyTokens, tokenPieces } from './survey.ts';
import { testTokenizer } from './test-tokenizers.ts';
import { ownText } from './text-file.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

describe('chunks', () => {
  it('add up to the text, none longer than the limit, no pair cut', () => {
    const text = fc
      .array(fc.constantFrom('a', '。', '\n', '😀', 'あ', ' '), { maxLength: 60 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 12 }), (whole, limit) => {
        const pieces = [...chunks(whole, limit)];
        expect(pieces.join('')).toBe(whole);
        for (const piece of pieces) {
          expect(piece.length).toBeGreaterThan(0);
          expect(piece.length).toBeLessThanOrEqual(limit);
          expect(Buffer.from(piece).toString()).toBe(piece);
        }
      }),
    );
  });

  it('end after lines, else after sentences', () => {
    expect([...chunks('一行\n二行\n三', 6)]).toEqual(['一行\n二行\n', '三']);
    expect([...chunks('あい。うえおか', 5)]).toEqual(['あい。', 'うえおか']);
  });
});

describe('surveyTokens', () => {
  const clock = testHost().clock;

  it('counts what the tokenizer makes of a text, pausing between pieces', async () => {
    const tokenizer = testTokenizer('byte-level-bpe');
    const { text } = ownText(realFiles());
    const long = text.repeat(3);
    const shares: number[] = [];
    const survey = await surveyTokens(tokenizer, long, clock, (share) => shares.push(share));
    expect(survey).toMatchObject({
      characters: Array.from(long).length,
      bytes: Buffer.byteLength(long),
      changedCharacters: 0,
    });
    expect(Math.abs(survey.tokens - tokenizer.encode(long).length)).toBeLessThanOrEqual(shares.length);
    expect(shares.length).toBeGreaterThan(2);
    expect(shares.at(-1)).toBe(1);
  });

  it('never works on more than a piece of 10 MB at once, lines or none, so that progress can be shown', async () => {
    const encoded: number[] = [];
    const tokenizer: TextTokenizer = {
      ...testTokenizer('byte-level-bpe'),
      encode: (piece) => {
        encoded.push(piece.length);
        return [];
      },
      decode: () => '',
    };
    const sentence = '速さとは何か。';
    const text = `${sentence.repeat(240_000)}\n${'速さ'.repeat(900_000)}`;
    let shown = 0;
    const survey = await surveyTokens(tokenizer, text, clock, () => {
      shown += 1;
    });
    expect(survey.bytes).toBeGreaterThan(10_000_000);
    expect(Math.max(...encoded)).toBeLessThanOrEqual(4096);
    expect(shown).toBeGreaterThan(800);
  });

  it('counts the characters of lines that come back changed', async () => {
    const survey = await surveyTokens(testTokenizer('unigram-bytes'), '川\nＡは川\n川', clock, () => {});
    expect(survey.changedCharacters).toBe(3);
  });
});

describe('tokenPieces', () => {
  it('keeps the tokens of a cut character together', () => {
    const pieces = tokenPieces(testTokenizer('byte-level-bpe'), '速さ鱻');
    expect(pieces.map(({ text }) => text).join('')).toBe('速さ鱻');
    expect(pieces.at(-1)).toEqual({ text: '鱻', tokens: 3 });
  });
});
