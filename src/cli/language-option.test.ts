import { describe, expect, it } from 'vitest';
import { ProblemsError } from '../kernel/errors.ts';
import { chooseLanguage } from './language-option.ts';

const problemsOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof ProblemsError ? error.problems : error;
  }
};

describe('chooseLanguage', () => {
  it('takes --lang off the command line, wherever it stands, and the last one counts', () => {
    expect(chooseLanguage(['run', '--lang', 'ja', 'x.yaml'], {})).toEqual({
      language: 'ja',
      args: ['run', 'x.yaml'],
    });
    expect(chooseLanguage(['--lang=ja', 'doctor'], {})).toEqual({ language: 'ja', args: ['doctor'] });
    expect(chooseLanguage(['--lang', 'ja', 'doctor', '--lang', 'en'], { HAYASA_LANG: 'ja' })).toEqual({
      language: 'en',
      args: ['doctor'],
    });
    expect(chooseLanguage(['tokens', '--', '--lang', 'ja'], {}).language).toBe('en');
  });

  it('asks HAYASA_LANG next, and never the locale', () => {
    expect(chooseLanguage(['doctor'], { HAYASA_LANG: 'ja' }).language).toBe('ja');
    expect(chooseLanguage(['doctor'], { HAYASA_LANG: '' }).language).toBe('en');
    expect(chooseLanguage(['doctor'], { LANG: 'ja_JP.UTF-8', LC_ALL: 'ja_JP.UTF-8' }).language).toBe('en');
  });

  it('guesses no language', () => {
    expect(problemsOf(() => chooseLanguage(['doctor', '--lang', 'jp'], {}))).toEqual([
      { path: '--lang', message: 'is not allowed', value: 'jp', allowed: 'en, ja', didYouMean: 'ja' },
    ]);
    expect(problemsOf(() => chooseLanguage(['doctor', '--lang'], {}))).toEqual([
      { path: '--lang', message: 'is missing', allowed: 'en, ja' },
    ]);
    expect(problemsOf(() => chooseLanguage(['doctor'], { HAYASA_LANG: 'fr' }))).toMatchObject([
      { path: 'HAYASA_LANG', value: 'fr' },
    ]);
  });
});
