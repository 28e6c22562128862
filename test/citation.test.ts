/** CITATION.cff has what the Citation File Format 1.2.0 requires, and what it says of the version and licence is so. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

/** The fields that are used here, as the schema has them: https://github.com/citation-file-format (1.2.0, schema-guide). */
const citation = z.strictObject({
  'cff-version': z.literal('1.2.0'),
  message: z.string().min(1),
  title: z.string().min(1),
  type: z.enum(['software', 'dataset']),
  authors: z
    .array(
      z.union([
        z.strictObject({ name: z.string().min(1) }),
        z.strictObject({ 'family-names': z.string().min(1), 'given-names': z.string().min(1) }),
      ]),
    )
    .min(1),
  version: z.string().min(1),
  'date-released': z.iso.date(),
  license: z.string().min(1),
  abstract: z.string().min(1),
  keywords: z.array(z.string().min(1)).min(1),
});

describe('CITATION.cff', () => {
  it('is valid and says what package.json says', () => {
    const cited = citation.parse(parse(read('CITATION.cff')));
    const { version, license } = JSON.parse(read('package.json')) as Record<string, string>;
    expect([cited.version, cited.license]).toEqual([version, license]);
  });

  it('is named where readers look', () => {
    for (const name of ['README.md', 'README.ja.md']) expect(read(name)).toContain('(CITATION.cff)');
  });
});
