import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, contentHash } from './canonical.ts';

describe('canonicalJson', () => {
  it('sorts keys at every depth and leaves out undefined', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: undefined, A: null })).toBe(
      '{"A":null,"b":[{"c":2,"d":1}]}',
    );
  });

  it('gives equal hashes for equal values whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const reversed = Object.fromEntries(Object.entries(record).reverse());
        expect(contentHash(reversed)).toBe(contentHash(record));
      }),
    );
  });

  it('gives as many digits as asked for', () => {
    expect(contentHash({ a: 1 }, 40)).toMatch(/^[0-9a-f]{40}$/);
  });
});
