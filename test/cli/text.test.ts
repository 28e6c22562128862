/** The commands about texts, end to end. They start no engine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testTokenizerFolder } from '../../src/text/test-tokenizers.ts';
import { hayasa } from './run-cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-text-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('text clean', () => {
  it('writes the clean text and says what it removed', () => {
    const out = join(folder, 'clean.txt');
    const result = hayasa([
      'text',
      'clean',
      testTokenizerFolder('aozora/original-shift-jis.txt'),
      '--out',
      out,
    ]);
    expect([result.code, result.err]).toEqual([0, '']);
    expect(result.out).toContain(
      'read as Shift_JIS\nremoved: 18 lines of header, 5 of colophon, 2 readings, 6 notes',
    );
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(testTokenizerFolder('aozora/clean.txt'), 'utf8'));
    const profile = hayasa(['text', out, '--json']);
    expect(JSON.parse(profile.out)).toMatchObject({ name: out, sentences: expect.any(Number) });
  });

  it('prints the text alone to standard output', () => {
    const { out } = hayasa(['text', 'clean', testTokenizerFolder('aozora/original.txt')]);
    expect(out).toBe(readFileSync(testTokenizerFolder('aozora/clean.txt'), 'utf8'));
  });
});

describe('text', () => {
  it('shows what the text that ships gives', () => {
    expect(hayasa(['text']).out).toMatch(
      /^Hayasa's Japanese text\n {2}characters {2}6,678\n {2}bytes {7}[\d,]+\n {2}sentences {3}\d+ \(as many different prompts\)/,
    );
  });
});

describe('tokens', () => {
  const models = ['byte-level-bpe', 'unigram/spiece.model'].map(testTokenizerFolder).join(',');

  it('shows several tokenizers side by side', () => {
    const { code, out } = hayasa(['tokens', '--model', models]);
    expect(code).toBe(0);
    expect(out).toMatch(/byte-level-bpe +tokenizer\.json \(BPE\) +512 /);
    expect(out).toMatch(/spiece\.model +SentencePiece \(unigram\) +850 /);
    expect(out).toContain('速さ|を|測|ると|いう');
    const parsed = JSON.parse(hayasa(['tokens', '--model', models, '--json']).out) as {
      tokenizers: { survey: { characters: number } }[];
    };
    expect(parsed.tokenizers.map(({ survey }) => survey.characters)).toEqual([6678, 6678]);
  });

  it('says why there is no tokenizer', () => {
    const { code, err } = hayasa(['tokens', '--model', 'tiny']);
    expect([code, err]).toEqual([2, expect.stringContaining('[text/no-tokenizer]')]);
  });
});
