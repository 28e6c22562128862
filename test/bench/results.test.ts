import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { anonymiser, anonymous } from '../../src/record/anonymous.ts';

const FOLDER = fileURLToPath(new URL('../../bench/results/', import.meta.url));
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const anonymise = anonymiser({ hostName: undefined, userName: undefined, folders: [], models: [] });

describe('results that are checked in', () => {
  it.each(files)('name no path of the machine: %s', (file) => {
    const result: unknown = JSON.parse(readFileSync(`${FOLDER}${file}`, 'utf8'));
    expect(anonymous(result, anonymise)).toEqual(result);
  });
});
