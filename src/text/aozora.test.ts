import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realFiles } from '../host/files.ts';
import { testHost } from '../host/test-host.ts';
import { cleanAozora } from './aozora.ts';
import { gaijiCharacter } from './gaiji.ts';
import { readJapaneseFile } from './japanese-file.ts';
import { testTokenizerFolder } from './test-tokenizers.ts';

const path = (name: string): string => testTokenizerFolder(`aozora/${name}`);
const original = readFileSync(path('original.txt'), 'utf8');

describe('cleanAozora', () => {
  it('leaves the text alone', async () => {
    const cleaned = cleanAozora(original);
    await expect(cleaned.text).toMatchFileSnapshot(path('clean.txt'));
    expect(cleaned).toMatchObject({
      removed: { headerLines: 18, colophonLines: 5, readings: 2, notes: 6 },
      resolvedCharacters: 3,
      unresolved: ['※［＃「髟／兵」、第3水準1-94-27］'],
    });
  });

  it('gives the same for Shift_JIS with carriage returns', () => {
    const file = readJapaneseFile(realFiles(), path('original-shift-jis.txt'));
    expect(file.encoding).toBe('Shift_JIS');
    expect(cleanAozora(file.text)).toEqual(cleanAozora(original));
  });

  it('takes title and author for a header only where a colophon shows what the file is', () => {
    const body = '題\n著者\n\n本文。\n';
    expect(cleanAozora(`${body}\n底本：「本」`).text).toBe('本文。\n');
    expect(cleanAozora(body).text).toBe(body);
  });

  it('leaves none of its marks behind, and a clean text as it is', () => {
    const part = fc.constantFrom(
      '字',
      '。',
      '\n',
      '《よみ》',
      '｜',
      '［＃注］',
      '［＃「※［＃字、1-2-3］」に傍点］',
      '／＼',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const { text } = cleanAozora(parts.join(''));
        expect(text).not.toMatch(/[《》｜［］＃]|\n\n\n/);
        expect(cleanAozora(text).text).toBe(text);
      }),
    );
  });
});

describe('gaijiCharacter', () => {
  it.each([
    ['※［＃「口＋喜」、U+563B、12-3］', '\u563b'],
    ['※［＃「土へん＋口」、U+20BB7、1-1］', '\u{20bb7}'],
    ['※［＃始め二重山括弧、1-1-52］', '《'],
    ['※［＃米印、1-2-8］', '※'],
    ['※［＃「髟／兵」、第3水準1-94-27］', undefined],
    ['※［＃「字」、第4水準2-1-1］', undefined],
    ['※［＃「字」、U+D800］', undefined],
    ['※［＃二の字点］', undefined],
  ])('of %s', (note, character) => {
    expect(gaijiCharacter(note)).toBe(character);
  });
});

describe('readJapaneseFile', () => {
  const read = (bytes: Uint8Array) => readJapaneseFile(testHost({ files: { '/a': bytes } }).files, '/a');

  it('knows UTF-8 and Shift_JIS, and guesses nothing else', () => {
    expect(read(Buffer.from('\uFEFF速さ'))).toEqual({ text: '速さ', encoding: 'UTF-8' });
    expect(read(Uint8Array.from([0x91, 0xac, 0x82, 0xb3]))).toEqual({ text: '速さ', encoding: 'Shift_JIS' });
    expect(() => read(Uint8Array.from([0xff, 0xfe, 0x00]))).toThrow('/a: is neither UTF-8 nor Shift_JIS');
  });
});
