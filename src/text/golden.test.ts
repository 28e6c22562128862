/**
 * Tokenizers against the reference libraries: tokenizer.json against the Python package `tokenizers`, SentencePiece
 * models against `sentencepiece`. The goldens are made by test/fixtures/text/make_tokenizers.py.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { characterMap, normaliseByGrapheme } from './character-map.ts';
import { parseModelFile } from './sentencepiece/model-file.ts';
import { type TEST_TOKENIZERS, testTokenizer, testTokenizerFolder } from './test-tokenizers.ts';

interface Golden {
  readonly folder: (typeof TEST_TOKENIZERS)[number];
  readonly library: string;
  /** Without a text: only decoded. */
  readonly cases: readonly {
    readonly text?: string;
    readonly ids: readonly number[];
    readonly decoded: string;
  }[];
}

const read = <T>(name: string): T => JSON.parse(readFileSync(testTokenizerFolder(name), 'utf8')) as T;

describe.each(read<readonly Golden[]>('expected.json'))('$folder', ({ folder, cases }) => {
  const { encode, decode } = testTokenizer(folder);

  it.each(cases.filter(({ text }) => text !== undefined))('cuts $text as the reference does', (one) => {
    expect(encode(one.text ?? '')).toEqual(one.ids);
  });

  it.each(cases)('decodes $ids as the reference does', ({ ids, decoded }) => {
    expect(decode(ids)).toBe(decoded);
  });
});

describe('the character map', () => {
  it('is applied as the tokenizers library does', () => {
    const { normaliser } = parseModelFile(readFileSync(testTokenizerFolder('unigram/spiece.model')));
    const map = characterMap(normaliser.characterMap);
    if (map === undefined) throw new Error('the fixture has a map');
    const cases = read<readonly { readonly text: string; readonly normalized: string }[]>('precompiled.json');
    expect(cases.map(({ text }) => normaliseByGrapheme(map, text))).toEqual(
      cases.map(({ normalized }) => normalized),
    );
  });
});
