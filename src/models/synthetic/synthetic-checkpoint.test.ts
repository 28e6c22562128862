import { describe, expect, it } from 'vitest';
import { testHost } from '../../host/test-host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { describeShape } from '../architectures/registry.ts';
import { openCheckpoint } from '../checkpoint/open.ts';
import { tensorSpecs } from '../description.ts';
import { decodeFloats, readFloats } from '../numeric/tensor-values.ts';
import { presetOf } from '../presets.ts';
import { ensureSyntheticCheckpoint } from './ensure.ts';
import { syntheticModelHash, writeSyntheticCheckpoint } from './synthetic-checkpoint.ts';
import { weightSource } from './weight-source.ts';

const tiny = presetOf('tiny');
const specs = tensorSpecs(describeShape(tiny.shape));

const write = (
  folder: string,
  init: { seed?: number; dtype?: 'F32' | 'F16' | 'BF16'; shards?: number } = {},
) => {
  const { files } = testHost();
  const bytes = writeSyntheticCheckpoint(files, {
    shape: tiny.shape,
    preset: 'tiny',
    seed: init.seed ?? 0,
    dtype: init.dtype ?? 'F32',
    folder,
    ...(init.shards === undefined ? {} : { shards: init.shards }),
  });
  return { files, bytes, checkpoint: openCheckpoint(files, folder) };
};

describe('a synthetic checkpoint', () => {
  it('is the same for the same seed, however many files it has, and another for another seed', () => {
    const values = ({ files, checkpoint }: ReturnType<typeof write>) =>
      specs.map(({ name }) =>
        Buffer.from(readFloats(files, checkpoint.tensors.get(name)!).buffer).toString('base64'),
      );
    expect(values(write('/a', { shards: 4 }))).toEqual(values(write('/b')));
    expect(values(write('/a', { seed: 1 }))).not.toEqual(values(write('/b')));
  });

  it('has the hash that was foretold without making it', () => {
    for (const dtype of ['F32', 'F16', 'BF16'] as const) {
      const foretold = syntheticModelHash({ shape: tiny.shape, preset: 'tiny', seed: 5, dtype });
      expect(write('/a', { seed: 5, dtype }).checkpoint.modelHash).toBe(foretold);
    }
  });

  it('rounds the float32 values to the other dtypes', () => {
    const name = 'gpt_neox.layers.1.mlp.dense_4h_to_h.weight';
    const valuesOf = (dtype: 'F32' | 'F16') => {
      const { files, checkpoint } = write('/a', { dtype });
      return readFloats(files, checkpoint.tensors.get(name)!);
    };
    const exact = valuesOf('F32');
    const excess = valuesOf('F16').map(
      (value, i) => Math.abs(value - exact[i]!) - (2 ** -11 * Math.abs(exact[i]!) + 2 ** -25),
    );
    expect(Math.max(...excess)).toBeLessThanOrEqual(0);
  });

  it('says how much is written and how much there is', () => {
    const { files } = testHost();
    const seen: number[] = [];
    const init = { shape: tiny.shape, preset: 'tiny', seed: 0, dtype: 'F32', folder: '/a' } as const;
    const bytes = writeSyntheticCheckpoint(files, init, (written, total) => seen.push(written / total));
    expect(files.size('/a/model.safetensors')).toBe(bytes);
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it('refuses a disk that is too small before it writes anything', () => {
    const host = testHost();
    host.files.limitBytes(100_000);
    expect(() => ensureSyntheticCheckpoint(host, 'tiny', 0, 'F32')).toThrow(HayasaError);
    expect(host.files.list('/')).toEqual([]);
  });

  it('leaves nothing that opens when the disk fills up on the way', () => {
    const host = testHost();
    const { freeBytes } = host.files;
    host.files.limitBytes(300_000);
    const files = { ...host.files, freeBytes: () => 2 ** 40 };
    expect(freeBytes('/')).toBe(300_000);
    const init = { shape: tiny.shape, preset: 'tiny', seed: 0, dtype: 'F32', folder: '/a' } as const;
    expect(() => writeSyntheticCheckpoint(files, init)).toThrow(/full/);
    expect(host.files.list('/a')).toEqual(['hayasa.json']);
    expect(() => openCheckpoint(host.files, '/a')).toThrow(/no config\.json/);
  });
});

describe('ensureSyntheticCheckpoint', () => {
  it('makes it once, and again when it is damaged', () => {
    const host = testHost();
    let writes = 0;
    const ensure = () =>
      ensureSyntheticCheckpoint(
        host,
        'tiny',
        3,
        'F16',
        (written, total) => (writes += written === total ? 1 : 0),
      );
    const folder = ensure();
    expect(ensure()).toBe(folder);
    expect(writes).toBe(1);
    host.files.writeText(`${folder}/model.safetensors`, 'damaged');
    expect(ensure()).toBe(folder);
    expect(writes).toBe(2);
  });
});

describe('the weights', () => {
  it('have the deviation that they should, and no two equal rows in one tensor', () => {
    // As many rows as a head that spans several slices of the pool.
    const model = describeShape({ ...tiny.shape, vocabularySize: 40_000 });
    const head = tensorSpecs(model).at(-1)!;
    expect(head).toMatchObject({ name: 'embed_out.weight', dimensions: [40_000, 64] });
    const chunks = [...weightSource(9, 'F32', model).chunks(head)].map((chunk) =>
      decodeFloats(chunk.slice(), 'F32'),
    );
    expect(chunks.length).toBeGreaterThan(4);
    const values = Float32Array.from(chunks.flatMap((chunk) => [...chunk]));
    expect(values).toHaveLength(40_000 * 64);
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    expect(deviation).toBeCloseTo(1 / 8, 2);
    const rows = new Set(
      Array.from({ length: 40_000 }, (_, row) => values.slice(row * 64, row * 64 + 4).join()),
    );
    expect(rows.size).toBe(40_000);
  });
});
