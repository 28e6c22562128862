import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realFiles } from '../host/files.ts';
import { testHost } from '../host/test-host.ts';
import { cutPrompt } from './cut.ts';
import { textForm } from './prompt-form.ts';
import { promptLength } from './prompts.ts';
import { sentenceStarts } from './sentences.ts';
import { TEST_TOKENIZERS, testTokenizer } from './test-tokenizers.ts';
import { OWN_TEXT_NAME, ownText, readPromptText } from './text-file.ts';
import { textPrompts } from './text-prompts.ts';

const source = ownText(realFiles());
const base = { source, count: 64, lengths: 'equal', inputTokens: 64, seed: 0 } as const;
const one = (text: string) => ({ name: 'f.txt', text, hash: 'h' });

describe.each(TEST_TOKENIZERS)('textPrompts with %s', (name) => {
  const tokenizer = testTokenizer(name);
  const form = textForm(tokenizer);

  it('cuts 64 different prompts of 64 tokens, and one of 1,024, from the text that ships', () => {
    const prompts = textPrompts({ ...base, form });
    expect(prompts.map(({ ids }) => ids.length)).toEqual(Array.from({ length: 64 }, () => 64));
    expect(new Set(prompts.map(({ text }) => text)).size).toBe(64);
    for (const { ids, text } of prompts) {
      expect([...tokenizer.prefixTokens, ...tokenizer.encode(text)]).toEqual(ids);
    }
    expect(textPrompts({ ...base, form, count: 1, inputTokens: 1024 })[0]?.ids).toHaveLength(1024);
  });

  it('gives prompt i whatever the batch, at lengths that are drawn as for token ids', () => {
    const ragged = { ...base, form, lengths: 'ragged', inputTokens: 40, seed: 3 } as const;
    const many = textPrompts({ ...ragged, count: 16 });
    expect(textPrompts({ ...ragged, count: 4 })).toEqual(many.slice(0, 4));
    expect(many.map(({ ids }) => ids.length)).toEqual(many.map((_, index) => promptLength(ragged, index)));
    expect(textPrompts({ ...ragged, count: 4, seed: 4 })).not.toEqual(many.slice(0, 4));
  });

  it('cuts anything to exactly its length, or says why not', () => {
    const parts = fc.constantFrom(
      '速さ',
      'を',
      '鱻',
      '😀',
      '👨\u200d👩\u200d👧',
      ' a',
      '\n',
      'ｶﾞ',
      '𠮟',
      'か\u3099',
    );
    const text = fc.array(parts, { minLength: 1, maxLength: 30 }).map((list) => list.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (whole, tokens) => {
        const cut = cutPrompt(textForm(tokenizer), whole, 0, tokens);
        switch (cut.kind) {
          case 'prompt':
            expect(cut.prompt.ids).toHaveLength(tokens);
            expect(whole.startsWith(cut.prompt.text)).toBe(true);
            // Encoding replaces half of a surrogate pair.
            expect(Buffer.from(cut.prompt.text).toString()).toBe(cut.prompt.text);
            break;
          case 'too-short':
            expect(cut.tokens).toBeLessThan(tokens);
            break;
          case 'no-such-end':
            expect(tokenizer.encode(whole).length + tokenizer.prefixTokens.length).toBeGreaterThanOrEqual(
              tokens,
            );
            break;
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('textPrompts', () => {
  const tokenizer = testTokenizer('byte-level-bpe');
  const form = textForm(tokenizer);

  it('refuses a text that is shorter than a prompt', () => {
    const wish = { ...base, form, source: one('短い。文。'), inputTokens: 64 };
    expect(() => textPrompts(wish)).toThrow(/^f\.txt: has \d+ tokens, a prompt needs 64$/);
  });

  it('refuses a text with fewer sentences than prompts', () => {
    const wish = { ...base, form, source: one('一つ目の文。二つ目の文。'), inputTokens: 2, count: 3 };
    expect(() => textPrompts(wish)).toThrow(
      'f.txt: its 2 sentences give 2 different prompts of 2 tokens, 3 are needed',
    );
  });

  it('counts the begin-of-text token', () => {
    const begins = { ...tokenizer, prefixTokens: [0] };
    const [prompt] = textPrompts({ ...base, form: textForm(begins), count: 1, inputTokens: 8 });
    expect([prompt?.ids.length, prompt?.ids[0]]).toEqual([8, 0]);
    expect(tokenizer.encode(prompt?.text ?? '')).toHaveLength(7);
  });
});

describe('cutPrompt', () => {
  it('never encodes a long text whole for a place that no prompt ends at: it took seconds for each', () => {
    // Two tokens for every character, so that no prompt of 65 ends after one.
    let longest = 0;
    const promptOf = (piece: string) => {
      longest = Math.max(longest, piece.length);
      return { ids: Array.from({ length: 2 * piece.length }, () => 1), text: piece };
    };
    expect(cutPrompt({ ownTokens: 0, promptOf }, 'あ'.repeat(1_000_000), 0, 65)).toEqual({
      kind: 'no-such-end',
    });
    expect(longest).toBe(130);
    expect(cutPrompt({ ownTokens: 0, promptOf }, 'あ'.repeat(32), 0, 65)).toEqual({
      kind: 'too-short',
      tokens: 64,
    });
  });
});

describe('sentenceStarts', () => {
  it.each([
    ['一。二！　三', ['一', '二', '三']],
    ['「はい。」と言った。次', ['「', 'と', '次']],
    ['One. Two? (Three.) 3.14 four', ['O', 'T', '(', '3']],
    ['  \n\n題\n\n　本文', ['題', '本']],
    ['', []],
  ])('of %j', (text, firsts) => {
    expect(sentenceStarts(text).map((start) => text[start])).toEqual(firsts);
  });
});

describe('readPromptText', () => {
  const files = (content: string | Uint8Array) => testHost({ files: { '/t/a.txt': content } }).files;

  it('reads UTF-8, with or without a byte order mark', () => {
    expect(readPromptText(files('\uFEFF速さ'), '/t', 'a.txt')).toMatchObject({ name: 'a.txt', text: '速さ' });
  });

  it('says which byte is not UTF-8', () => {
    const shiftJis = Uint8Array.from([0x61, 0x91, 0xac, 0x82, 0xb3]);
    expect(() => readPromptText(files(shiftJis), '/t', 'a.txt')).toThrow(
      '/t/a.txt: is not UTF-8: byte 1 belongs to no character',
    );
  });

  it('refuses a text of blanks', () => {
    expect(() => readPromptText(files(' \n　'), '/t', 'a.txt')).toThrow('a.txt: has no text');
    expect(() => readPromptText(files('x'), '/t', 'b.txt')).toThrow(/b\.txt/);
  });

  it('ships a text of essays', () => {
    expect(source.name).toBe(OWN_TEXT_NAME);
    expect(source.text.length).toBeGreaterThan(6000);
    expect(source.text).not.toContain('\uFFFD');
  });
});
