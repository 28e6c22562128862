import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HayasaError, ProblemsError } from '../../kernel/errors.ts';
import { sayEnglish } from '../../kernel/language.ts';
import { duplicateKeys } from './duplicate-keys.ts';
import { parseSafetensorsHeader, safetensorsHeaderBytes } from './safetensors-header.ts';
import { layoutSafetensors } from './safetensors-layout.ts';

/** A file of the given header text and as many data bytes. */
function fileOf(json: string, dataBytes: number): { header: Uint8Array; fileBytes: number } {
  const text = new TextEncoder().encode(json);
  const header = new Uint8Array(8 + text.byteLength);
  new DataView(header.buffer).setBigUint64(0, BigInt(text.byteLength), true);
  header.set(text, 8);
  return { header, fileBytes: header.byteLength + dataBytes };
}

function parse(json: string, dataBytes: number) {
  const { header, fileBytes } = fileOf(json, dataBytes);
  return parseSafetensorsHeader(header, fileBytes, 'x.safetensors');
}

function problemsOf(json: string, dataBytes: number): string[] {
  try {
    parse(json, dataBytes);
  } catch (error) {
    if (error instanceof ProblemsError)
      return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

const a = '"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}';

describe('a safetensors header', () => {
  it('gives absolute offsets in the order of the data', () => {
    const json = `{"b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]},${a},"__metadata__":{"format":"pt"}}`;
    const { tensors, metadata, dataOffset, warnings } = parse(json, 32);
    expect(dataOffset).toBe(8 + json.length);
    expect(tensors).toEqual([
      { name: 'a', dtype: 'F32', dimensions: [2, 3], offset: dataOffset, byteLength: 24 },
      { name: 'b', dtype: 'F16', dimensions: [4], offset: dataOffset + 24, byteLength: 8 },
    ]);
    expect(metadata).toEqual({ format: 'pt' });
    expect(warnings).toEqual([]);
  });

  it('warns of bytes that belong to no tensor', () => {
    const json = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}';
    expect(parse(json, 10).warnings.map(sayEnglish)).toEqual([
      '4 bytes before a belong to no tensor',
      '2 bytes at the end belong to no tensor',
    ]);
  });

  it.each([
    ['unknown dtype', '{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}', 4, 'a.dtype: unknown dtype'],
    ['negative size', '{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4, /a\.shape: must be/],
    ['fraction', '{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}', 6, /a\.shape: must be/],
    [
      'overflow',
      '{"a":{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}}',
      4,
      /no exact/,
    ],
    [
      'wrong span',
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}',
      4,
      /span 4 bytes, but F32 \[2\] needs 8/,
    ],
    ['backwards', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}', 8, /end before they begin/],
    ['beyond the file', `{${a}}`, 23, /truncated/],
    ['overlap', `{${a},"b":{"dtype":"F32","shape":[1],"data_offsets":[20,24]}}`, 24, /b: overlaps a/],
    ['doubled name', `{${a},${a}}`, 24, /a: stands twice/],
    [
      'doubled field',
      '{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      4,
      /dtype: stands twice/,
    ],
    ['metadata of numbers', '{"__metadata__":{"x":1}}', 0, /__metadata__: must map text to text/],
    ['tensor of text', '{"a":"F32"}', 0, /a: is no object/],
  ])('reports %s', (_, json, dataBytes, expected) => {
    const problems = problemsOf(json, dataBytes);
    expect(
      problems.some((problem) =>
        typeof expected === 'string' ? problem === expected : expected.test(problem),
      ),
    ).toBe(true);
  });

  it('reports every problem at once, and counts what it does not show', () => {
    const entries = Array.from(
      { length: 70 },
      (_, i) => `"t${i}":{"dtype":"X","shape":[-1],"data_offsets":[0]}`,
    );
    const problems = problemsOf(`{${entries.join()}}`, 0);
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toBe(': and 160 more problems');
  });

  it('refuses lying lengths before it reads anything', () => {
    const lie = (length: bigint, fileBytes: number) => () => {
      const start = new Uint8Array(8);
      new DataView(start.buffer).setBigUint64(0, length, true);
      return safetensorsHeaderBytes(start, fileBytes, 'x');
    };
    expect(lie(2n ** 63n, 2 ** 40)).toThrow(/claims a header of 9223372036854775808 bytes/);
    expect(lie(100_000_001n, 2 ** 40)).toThrow(/100000000/);
    expect(lie(1000n, 100)).toThrow(/needs 1008 bytes for its header, the file has 100/);
    expect(lie(0n, 100)).toThrow(/claims a header of 0/);
    expect(() => safetensorsHeaderBytes(new Uint8Array(3), 3, 'x')).toThrow(/has 3/);
  });

  it('throws nothing but HayasaErrors at random bytes, cut files and mutated headers', () => {
    const { header, fileBytes } = layoutSafetensorsOf(6);
    const text = header.subarray(0, 500);
    const attempt = (bytes: Uint8Array, size: number) => {
      try {
        parseSafetensorsHeader(bytes, size, 'fuzz');
      } catch (error) {
        expect(error).toBeInstanceOf(HayasaError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(1000), attempt));
    fc.assert(fc.property(fc.nat(header.byteLength), (cut) => attempt(header.subarray(0, cut), cut)));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.nat(255), fc.nat(fileBytes), (at, value, size) => {
        const mutated = header.slice();
        mutated[at] = value;
        attempt(mutated, size);
      }),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(fc.json(), (json) => attempt(fileOf(json, 10).header, 10_000)));
  });

  it('parses what the layout wrote', () => {
    const layout = layoutSafetensorsOf(9);
    const parsed = parseSafetensorsHeader(layout.header, layout.fileBytes, 'x');
    expect(parsed.tensors).toEqual(layout.tensors);
    expect(parsed.dataOffset % 4096).toBe(0);
    expect(parsed.warnings).toEqual([]);
  });
});

const layoutSafetensorsOf = (count: number) =>
  layoutSafetensors(
    Array.from({ length: count }, (_, i) => ({
      name: `layer.${i}`,
      dtype: 'F16' as const,
      dimensions: [i + 1, 8],
    })),
  );

describe('duplicateKeys', () => {
  it('undoes escapes and ignores values', () => {
    expect(duplicateKeys('{"a":"a","\\u0061":{"b":["b",{"b":1}]}}')).toEqual(['a']);
    expect(duplicateKeys('{"a\\"":1,"b":"x\\\\","c":{"a":1},"d":{"a":1}}')).toEqual([]);
  });

  it('finds none in what JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(duplicateKeys(JSON.stringify(value))).toEqual([]);
      }),
    );
  });

  it('needs no stack for deep nesting', () => {
    expect(duplicateKeys(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)).toEqual([]);
  });
});
