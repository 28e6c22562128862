import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hubIdText, hubShortName, parseHubId } from './hub-id.ts';

describe('a name of the hub', () => {
  it.each([
    ['cyberagent/open-calm-small', { name: 'cyberagent/open-calm-small', revision: 'main' }],
    ['a/b@v1.0', { name: 'a/b', revision: 'v1.0' }],
    ['a/b.c@refs/pr/3', { name: 'a/b.c', revision: 'refs/pr/3' }],
  ])('%s is one', (text, id) => {
    expect(parseHubId(text)).toEqual(id);
    expect(hubIdText(id)).toBe(text);
  });

  it.each([
    'tiny',
    './a/b',
    '../b',
    'a/../b',
    'a/b/c',
    '/a/b',
    'a/b@',
    'a/b@../x',
    'a/b@x/..',
    'a/.b',
    'a--b/c',
    'a b/c',
    '',
  ])('%j is none', (text) => {
    expect(parseHubId(text)).toBeUndefined();
  });

  it('never holds a part that climbs out of a folder', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a./@-]{1,12}$/), (text) => {
        const id = parseHubId(text);
        if (id === undefined) return;
        for (const part of `${id.name}/${id.revision}`.split('/')) expect(part).not.toMatch(/^\.*$/);
      }),
    );
  });

  it('has a short name for tables', () => {
    expect(hubShortName('org/model@refs/pr/1')).toBe('model');
  });
});
