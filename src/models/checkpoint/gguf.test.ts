import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testHost } from '../../host/test-host.ts';
import { HayasaError, ProblemsError } from '../../kernel/errors.ts';
import { endOfTextTokens } from '../end-of-text.ts';
import type { ReadRange } from './byte-cursor.ts';
import { type GgufFixture, ggufBytes } from './gguf-fixture.ts';
import { parseGgufHeader } from './gguf-header.ts';
import { openGguf } from './gguf-model.ts';

const neox: GgufFixture = {
  metadata: {
    'general.architecture': { text: 'gptneox' },
    'general.name': { text: 'x' },
    'gptneox.context_length': { u32: 2048 },
    'gptneox.embedding_length': { u32: 64 },
    'gptneox.block_count': { u32: 2 },
    'gptneox.feed_forward_length': { u32: 256 },
    'gptneox.rope.dimension_count': { u32: 32 },
    'gptneox.attention.head_count': { u32: 2 },
    'gptneox.use_parallel_residual': { flag: false },
    'gptneox.attention.layer_norm_epsilon': { f32: 1e-5 },
    'tokenizer.ggml.tokens': { texts: Array.from({ length: 100 }, (_, i) => `t${i}`) },
    'tokenizer.ggml.eos_token_id': { u32: 3 },
  },
  tensors: [
    { name: 'token_embd.weight', dimensions: [64, 100], offset: 0 },
    { name: 'output.weight', dimensions: [64, 100], type: 8, offset: 25_600 },
  ],
  dataBytes: 25_600 + 6_800,
};

/** Reads from memory, and remembers the largest request. */
function reader(bytes: Uint8Array): { read: ReadRange; largest: () => number } {
  let largest = 0;
  return {
    read: (offset, length) => {
      largest = Math.max(largest, length);
      expect(offset + length).toBeLessThanOrEqual(bytes.byteLength);
      return bytes.slice(offset, offset + length);
    },
    largest: () => largest,
  };
}

const parse = (bytes: Uint8Array) => parseGgufHeader(reader(bytes).read, bytes.byteLength, 'x.gguf');

function problemsOf(fixture: Partial<GgufFixture>): string[] {
  try {
    parse(ggufBytes({ ...neox, ...fixture }));
  } catch (error) {
    if (error instanceof ProblemsError)
      return error.problems.map(({ path, message }) => `${path}: ${message}`);
    if (error instanceof HayasaError) return [`${error.code}: ${error.message}`];
    throw error;
  }
  return [];
}

describe('a GGUF header', () => {
  it('gives metadata and absolute offsets', () => {
    const { version, metadata, tensors, dataOffset } = parse(ggufBytes(neox));
    expect(version).toBe(3);
    expect(metadata.get('gptneox.block_count')).toBe(2);
    expect(metadata.get('gptneox.use_parallel_residual')).toBe(false);
    expect(metadata.get('tokenizer.ggml.tokens')).toMatchObject({
      length: 100,
      first: { 0: 't0', 63: 't63', length: 64 },
    });
    expect(dataOffset % 32).toBe(0);
    expect(tensors.map(({ type, byteLength, offset }) => [type, byteLength, offset - dataOffset])).toEqual([
      ['F32', 25_600, 0],
      ['Q8_0', 6_800, 25_600],
    ]);
  });

  it.each<[string, Partial<GgufFixture>, RegExp]>([
    ['another version', { version: 1 }, /GGUF version 1/],
    ['big-endian files', { version: 0x03000000 }, /little-endian/],
    ['a lying number of tensors', { tensorCount: 2 ** 40 }, /claims 1099511627776 tensors/],
    ['tensors that are not there', { tensorCount: 2000 }, /truncated|bad-header/],
    [
      'unknown formats',
      { tensors: [{ name: 'a', dimensions: [32], type: 4, offset: 0 }] },
      /a: unknown tensor format/,
    ],
    [
      'short rows',
      { tensors: [{ name: 'a', dimensions: [33], type: 8, offset: 0 }] },
      /no multiple of 32, as Q8_0/,
    ],
    ['odd offsets', { tensors: [{ name: 'a', dimensions: [1], offset: 4 }] }, /no multiple of 32/],
    ['dimensions of 0', { tensors: [{ name: 'a', dimensions: [0], offset: 0 }] }, /dimension of 0/],
    [
      'five dimensions',
      { tensors: [{ name: 'a', dimensions: [1, 1, 1, 1, 1], offset: 0 }] },
      /claims 5 dimensions/,
    ],
    [
      'overflow',
      { tensors: [{ name: 'a', dimensions: [2 ** 50, 2 ** 50], offset: 0 }] },
      /larger than any file/,
    ],
    ['truncation', { dataBytes: 30_000 }, /output\.weight: ends at byte .* truncated/],
    ['odd alignment', { metadata: { 'general.alignment': { u32: 12 } } }, /not a power of two/],
    [
      'overlap and doubled names',
      {
        tensors: [
          { name: 'a', dimensions: [64], offset: 0 },
          { name: 'a', dimensions: [64], offset: 32 },
        ],
      },
      /a: stands twice/,
    ],
  ])('refuses %s', (_, fixture, expected) => {
    expect(problemsOf(fixture).join('\n')).toMatch(expected);
  });

  it('allocates nothing for lengths that the file does not have', () => {
    const bytes = ggufBytes(neox);
    // The length of the first key, straight behind the fixed part.
    for (const length of [2n ** 63n, 2n ** 40n, BigInt(bytes.byteLength)]) {
      const lying = bytes.slice();
      new DataView(lying.buffer).setBigUint64(24, length, true);
      const source = reader(lying);
      expect(() => parseGgufHeader(source.read, lying.byteLength, 'x')).toThrow(HayasaError);
      expect(source.largest()).toBeLessThanOrEqual(lying.byteLength);
    }
  });

  it('throws nothing but HayasaErrors at random bytes, cut files and mutated headers', () => {
    const whole = ggufBytes(neox);
    const attempt = (bytes: Uint8Array) => {
      try {
        parse(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(HayasaError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), attempt));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (rest) =>
        attempt(Uint8Array.from([...Buffer.from('GGUF'), 3, 0, 0, 0, ...rest])),
      ),
    );
    fc.assert(fc.property(fc.nat(whole.byteLength), (cut) => attempt(whole.slice(0, cut))));
    fc.assert(
      fc.property(fc.nat(2600), fc.nat(255), (at, value) => {
        const mutated = whole.slice();
        mutated[at] = value;
        attempt(mutated);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('openGguf', () => {
  const open = (fixture: GgufFixture) =>
    openGguf(testHost({ files: { '/m/x.gguf': ggufBytes(fixture) } }).files, '/m/x.gguf');

  it('gives the shape of a gptneox file', () => {
    const model = open(neox);
    expect(model.shape).toMatchObject({
      hiddenSize: 64,
      layerCount: 2,
      headSize: 32,
      vocabularySize: 100,
      residual: 'sequential',
      normEpsilon: 1e-5,
      tiedEmbeddings: false,
      eosTokenId: 3,
    });
    expect(model.formats).toEqual([
      { type: 'F32', tensors: 1, bytes: 25_600 },
      { type: 'Q8_0', tensors: 1, bytes: 6_800 },
    ]);
    expect(model.totalBytes).toBe(32_400);
  });

  it('stops at the end of a turn and of a message as at that of a text', () => {
    const ends = (more: GgufFixture['metadata']) => {
      const model = open({ ...neox, metadata: { ...neox.metadata, ...more } });
      expect(endOfTextTokens(model)).toEqual(endOfTextTokens(model.shape!));
      return endOfTextTokens(model);
    };
    expect(ends({})).toEqual([3]);
    expect(
      ends({ 'tokenizer.ggml.eot_token_id': { u32: 7 }, 'tokenizer.ggml.eom_token_id': { u32: 8 } }),
    ).toEqual([3, 7, 8]);
    expect(ends({ 'tokenizer.ggml.eot_token_id': { u32: 3 } })).toEqual([3]);
  });

  it('gives the sizes of any other architecture, and no shape', () => {
    const metadata = {
      'general.architecture': { text: 'gemma3' },
      'gemma3.block_count': { u32: 18 },
      'gemma3.attention.head_count': { u32: 4 },
      'gemma3.attention.head_count_kv': { u32: 1 },
      'gemma3.attention.key_length': { u32: 256 },
    } as const;
    const { shape, sizes, architecture } = open({ ...neox, metadata });
    expect(shape).toBeUndefined();
    expect(architecture).toBe('gemma3');
    expect(sizes).toMatchObject({
      layerCount: 18,
      headCount: 4,
      kvHeadCount: 1,
      headSize: 256,
      hiddenSize: undefined,
    });
  });

  it('tells two files apart by their metadata', () => {
    const other = { ...neox, metadata: { ...neox.metadata, 'general.name': { text: 'y' } } };
    expect(open(other).modelHash).not.toBe(open(neox).modelHash);
    expect(open(neox).modelHash).toBe(open(neox).modelHash);
  });

  it('refuses folders, and files without an architecture', () => {
    const { files } = testHost({ files: { '/m/x.gguf': ggufBytes({ ...neox, metadata: {} }) } });
    expect(() => openGguf(files, '/m/x.gguf')).toThrow(/general\.architecture is missing/);
    expect(() => openGguf(files, '/m')).toThrow(/is no file/);
    expect(() => openGguf(files, '/nowhere.gguf')).toThrow(/no such file/);
  });
});
