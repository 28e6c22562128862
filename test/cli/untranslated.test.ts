/**
 * What has no Japanese yet: errors whose message or hint is English alone, by file and code. The list may only shrink;
 * whoever adds an error gives it both languages.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../support/source-files.ts';

const ERRORS = /new HayasaError\(\{([\s\S]*?)\n\s*\}\)/g;
const ENGLISH_ALONE = /^\s*(?:message|hint):\s*\n?\s*['"`]/m;
/** A defect of Hayasa is reported by its text. */
const INTERNAL = /code: 'internal\//;

describe('errors without Japanese', () => {
  it('are these', async () => {
    const lines = sourceFiles().flatMap(({ path, isTest }) => {
      if (isTest) return [];
      const text = readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8');
      return [...text.matchAll(ERRORS)].flatMap(([, body = '']) => {
        if (INTERNAL.test(body) || !ENGLISH_ALONE.test(body)) return [];
        return [`${path} ${/code: '([^']+)'/.exec(body)?.[1] ?? ''}`];
      });
    });
    await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot('../golden/untranslated-errors.txt');
  });
});
