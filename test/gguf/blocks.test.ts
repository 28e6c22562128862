/** Dequantised blocks against the `gguf` package of PyPI (make_goldens.py), bit by bit. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dequantise, READABLE_FORMATS } from '../../src/models/gguf/dequantise.ts';

interface Case {
  readonly type: string;
  readonly bytes: string;
  readonly values: string;
}

const cases = JSON.parse(readFileSync(new URL('blocks.json', import.meta.url), 'utf8')) as readonly Case[];
const decoded = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

describe('dequantise', () => {
  it('is checked in every format that it reads', () => {
    expect(cases.map(({ type }) => type).sort()).toEqual([...READABLE_FORMATS].sort());
  });

  it.each(cases)('gives the values of the gguf package: $type', ({ type, bytes, values }) => {
    const expected = new Float32Array(decoded(values).buffer);
    const actual = dequantise(type, decoded(bytes));
    expect(actual.length).toBeGreaterThan(0);
    expect(Buffer.from(actual.buffer, actual.byteOffset, actual.byteLength)).toEqual(
      Buffer.from(expected.buffer),
    );
  });

  it('refuses other formats with the way out', () => {
    expect(() => dequantise('IQ2_XXS', new Uint8Array(66))).toThrow('format IQ2_XXS cannot be dequantised');
  });
});
