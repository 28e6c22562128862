import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realHost } from '../../host/real-host.ts';
import { testHost } from '../../host/test-host.ts';
import { HayasaError, ProblemsError } from '../../kernel/errors.ts';
import { sayEnglish } from '../../kernel/language.ts';
import { describeShape } from '../architectures/registry.ts';
import { tensorSpecs } from '../description.ts';
import { endOfTextTokens } from '../end-of-text.ts';
import { presetOf } from '../presets.ts';
import { writeSyntheticCheckpoint } from '../synthetic/synthetic-checkpoint.ts';
import { GENERATOR_VERSION } from '../synthetic/weight-source.ts';
import { openCheckpoint } from './open.ts';
import { layoutSafetensors } from './safetensors-layout.ts';
import type { SafetensorsDtype } from './safetensors-tensor.ts';

const { shape } = presetOf('tiny');
const config = JSON.stringify({ ...JSON.parse(tinyFiles().readText('/m/config.json')) });

function tinyFiles(shards = 1) {
  const { files } = testHost();
  writeSyntheticCheckpoint(files, { shape, preset: 'tiny', seed: 1, dtype: 'F32', folder: '/m', shards });
  return files;
}

interface Stored {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly dimensions: readonly number[];
}

const tinySpecs: readonly Stored[] = tensorSpecs(describeShape(shape)).map(({ name, dimensions }) => ({
  name,
  dtype: 'F16',
  dimensions,
}));

function safetensors(tensors: readonly Stored[]): Uint8Array {
  const { header, fileBytes } = layoutSafetensors(tensors);
  const bytes = new Uint8Array(fileBytes);
  bytes.set(header);
  return bytes;
}

/** What opening says: problems as `path: message`, or one code. */
function complaints(files: Readonly<Record<string, string | Uint8Array>>): string[] {
  try {
    openCheckpoint(testHost({ files }).files, '/m');
  } catch (error) {
    if (error instanceof ProblemsError)
      return error.problems.map(({ path, message }) => `${path}: ${message}`);
    if (error instanceof HayasaError) return [error.code];
    throw error;
  }
  return [];
}

describe('openCheckpoint', () => {
  it('gives every tensor of the description and where it lies', () => {
    const files = tinyFiles();
    const checkpoint = openCheckpoint(files, '/m');
    expect(checkpoint.shape).toEqual(shape);
    expect([...checkpoint.tensors.keys()]).toEqual(tinySpecs.map(({ name }) => name));
    expect(checkpoint.tensors.get('gpt_neox.embed_in.weight')).toMatchObject({
      file: '/m/model.safetensors',
      dtype: 'F32',
      dimensions: [512, 64],
      offset: 4096,
      byteLength: 131_072,
    });
    expect(checkpoint.totalBytes).toBe(4 * 165_632);
    expect(checkpoint.origin).toEqual({
      kind: 'synthetic',
      preset: 'tiny',
      seed: 1,
      generator: GENERATOR_VERSION,
    });
    expect(checkpoint.warnings).toEqual([]);
  });

  it('gives a sharded copy the hash of the single file', () => {
    const sharded = openCheckpoint(tinyFiles(3), '/m');
    const single = openCheckpoint(tinyFiles(), '/m');
    expect(new Set([...sharded.tensors.values()].map(({ file }) => file)).size).toBe(3);
    expect(sharded.modelHash).toBe(single.modelHash);
  });

  it('takes a folder without the marker for a published checkpoint, named as the hub names it', () => {
    const folder = '/hub/models--cyberagent--open-calm-small/snapshots/abc';
    const { files } = testHost({
      files: { [`${folder}/config.json`]: config, [`${folder}/model.safetensors`]: safetensors(tinySpecs) },
    });
    const { origin, dtype } = openCheckpoint(files, folder);
    expect(origin).toEqual({ kind: 'published', name: 'cyberagent/open-calm-small' });
    expect(dtype).toBe('F16');
  });

  it('stops at every end of text that the configs name, those of generation_config.json before others', () => {
    const open = (eos: unknown, generation?: unknown) => {
      const files = {
        '/m/config.json': JSON.stringify({ ...JSON.parse(config), eos_token_id: eos }),
        '/m/model.safetensors': safetensors(tinySpecs),
        ...(generation === undefined ? {} : { '/m/generation_config.json': JSON.stringify(generation) }),
      };
      return openCheckpoint(testHost({ files }).files, '/m');
    };
    const ends = (...named: Parameters<typeof open>) => endOfTextTokens(open(...named).shape);
    expect(ends(3)).toEqual([3]);
    expect(ends([3, 7])).toEqual([3, 7]);
    expect(ends(3, { eos_token_id: [7, 3, 9] })).toEqual([3, 7, 9]);
    expect(ends(3, { eos_token_id: 7 })).toEqual([7]);
    expect(ends(3, { temperature: 0.6, top_k: 20 })).toEqual([3]);
    expect(ends(null, { eos_token_id: null })).toEqual([]);
    expect(() => open(3, { eos_token_id: '</s>' })).toThrow(/generation_config\.json/);
    // Another end of text makes another model: its lengths differ.
    expect(open([3, 7]).modelHash).not.toBe(open(3).modelHash);
    expect(open(3, { eos_token_id: 3 }).modelHash).toBe(open(3).modelHash);
  });

  it('tells fine-tunings of one model apart', () => {
    const open = (bytes: Uint8Array) =>
      openCheckpoint(
        testHost({ files: { '/m/config.json': config, '/m/model.safetensors': bytes } }).files,
        '/m',
      ).modelHash;
    const tuned = safetensors(tinySpecs);
    const norm = layoutSafetensors(tinySpecs).tensors.find(
      ({ name }) => name === 'gpt_neox.final_layer_norm.weight',
    );
    tuned[norm!.offset] = 1;
    expect(open(tuned)).not.toBe(open(safetensors(tinySpecs)));
  });

  it('skips buffers, and warns of other tensors that it does not use', () => {
    const extra = [
      { name: 'gpt_neox.layers.0.attention.bias', dtype: 'BOOL', dimensions: [1, 1, 8, 8] },
      { name: 'gpt_neox.layers.0.attention.masked_bias', dtype: 'F32', dimensions: [] },
      { name: 'lora.weight', dtype: 'F32', dimensions: [1] },
    ] as const;
    const { files } = testHost({
      files: { '/m/config.json': config, '/m/model.safetensors': safetensors([...extra, ...tinySpecs]) },
    });
    const { tensors, warnings } = openCheckpoint(files, '/m');
    expect(tensors.size).toBe(tinySpecs.length);
    expect(warnings.map(sayEnglish)).toEqual(['1 tensors are not used: lora.weight']);
  });

  it('reports every missing, mis-shaped and mis-typed tensor at once', () => {
    const wrong = tinySpecs.slice(2).map((spec, i) => {
      if (i === 0) return { ...spec, dimensions: [1, ...spec.dimensions] };
      return i === 1 ? { ...spec, dtype: 'F64' as const } : spec;
    });
    expect(complaints({ '/m/config.json': config, '/m/model.safetensors': safetensors(wrong) })).toEqual([
      'gpt_neox.embed_in.weight: is missing (512 x 64)',
      'gpt_neox.layers.0.input_layernorm.weight: is missing (64)',
      'gpt_neox.layers.0.input_layernorm.bias: has other dimensions than config.json says',
      'gpt_neox.layers.0.post_attention_layernorm.weight: weights of this dtype are not supported',
    ]);
  });

  it('names code of the checkpoint that it leaves alone', () => {
    const own = { ...JSON.parse(config), auto_map: { AutoModelForCausalLM: 'modeling_own.Own' } };
    const files = { '/m/config.json': JSON.stringify(own), '/m/model.safetensors': safetensors(tinySpecs) };
    expect(openCheckpoint(testHost({ files }).files, '/m').warnings.map(sayEnglish)).toEqual([
      'config.json names code of its own (auto_map), which is never run: computed as gpt_neox',
    ]);
  });

  it('calls a pickled file that is given itself what it is: it was called no folder', () => {
    const { files } = testHost({ files: { '/m/pytorch_model.bin': 'x' } });
    expect(() => openCheckpoint(files, '/m/pytorch_model.bin')).toThrow(
      '/m: only pickled weights (pytorch_model.bin), which can run code when opened',
    );
  });

  it('shows a value of config.json as it is written: it stood in quotes within quotes', () => {
    const problemsWith = (more: object) => {
      try {
        openCheckpoint(
          testHost({ files: { '/m/config.json': JSON.stringify({ ...JSON.parse(config), ...more }) } }).files,
          '/m',
        );
      } catch (error) {
        if (error instanceof ProblemsError) return error.problems;
      }
      return [];
    };
    expect(problemsWith({ hidden_act: 'swishy' })).toMatchObject([
      { path: 'hidden_act', message: 'not an allowed value', value: 'swishy' },
    ]);
    expect(problemsWith({ rope_scaling: { rope_type: 'magic' } })).toMatchObject([
      {
        path: 'rope_scaling',
        message: 'this architecture has none here',
        value: '{"rope_type":"magic"}',
      },
    ]);
  });

  it('refuses pickles, empty folders, GGUF folders, files and missing paths, each with its code', () => {
    expect(complaints({ '/m/config.json': config, '/m/pytorch_model.bin': 'x' })).toEqual([
      'checkpoint/pickle',
    ]);
    expect(complaints({ '/m/config.json': config })).toEqual(['checkpoint/no-weights']);
    expect(complaints({ '/m/config.json': config, '/m/model.gguf': '' })).toEqual(['checkpoint/no-weights']);
    expect(complaints({ '/m/model.safetensors': safetensors(tinySpecs) })).toEqual(['checkpoint/no-config']);
    expect(complaints({ '/m': 'a file' })).toEqual(['checkpoint/no-config']);
    expect(complaints({})).toEqual(['file/missing']);
    expect(complaints({ '/m/config.json': '{', '/m/model.safetensors': '' })).toEqual([
      'checkpoint/bad-json',
    ]);
    expect(complaints({ '/m/config.json': config, '/m/model.safetensors': '' })).toEqual([
      'checkpoint/truncated',
    ]);
    expect(complaints({ '/m/config.json': '{"model_type":"bert"}' })).toEqual(['model/unknown-architecture']);
    expect(complaints({ '/m/config.json': '{"a":1,"a":2}' })).toEqual(['a: stands twice']);
  });

  it('refuses a damaged marker rather than calling the weights published', () => {
    const weights = safetensors(tinySpecs);
    const files = {
      '/m/config.json': config,
      '/m/model.safetensors': weights,
      '/m/hayasa.json': '{"kind":"real"}',
    };
    expect(complaints(files).length).toBeGreaterThan(3);
  });
});

describe('the index of a sharded checkpoint', () => {
  const half = tinySpecs.length / 2;
  const one = safetensors(tinySpecs.slice(0, half));
  const two = safetensors(tinySpecs.slice(half));
  const indexOf = (fileOf: (index: number) => string) =>
    JSON.stringify({ weight_map: Object.fromEntries(tinySpecs.map(({ name }, i) => [name, fileOf(i)])) });
  const folder = (index: string, shards: Readonly<Record<string, Uint8Array>>) => ({
    '/m/config.json': config,
    '/m/model.safetensors.index.json': index,
    ...shards,
  });

  it('reports missing shards', () => {
    const index = indexOf((i) => (i < half ? 'a.safetensors' : 'b.safetensors'));
    expect(complaints(folder(index, { '/m/a.safetensors': one }))).toEqual(['weight_map: missing shard']);
  });

  it('reports tensors in another shard than it says, and in two', () => {
    const index = indexOf((i) => (i < half - 1 ? 'a.safetensors' : 'b.safetensors'));
    const found = complaints(folder(index, { '/m/a.safetensors': one, '/m/b.safetensors': two }));
    expect(found).toEqual([
      `${tinySpecs[half - 1]!.name}: the index says b.safetensors, but it is in a.safetensors`,
    ]);
    const both = complaints(folder(index, { '/m/a.safetensors': one, '/m/b.safetensors': one }));
    expect(both).toContain(`${tinySpecs[0]!.name}: is in a.safetensors and in b.safetensors`);
  });

  it.each([
    '/etc/x.safetensors',
    '../x.safetensors',
    'a/../../x.safetensors',
    'C:\\x.safetensors',
    '..\\x.safetensors',
    '',
  ])('refuses a shard called %j', (name) => {
    expect(
      complaints(
        folder(
          indexOf(() => name),
          {},
        ),
      ),
    ).toEqual(['weight_map: leaves the folder']);
  });

  it.each(['{}', '[]', '{"weight_map":{}}', '{"weight_map":{"a":1}}', '{"weight_map":{"a":"x.bin"}}'])(
    'refuses %s',
    (index) => {
      expect(complaints(folder(index, {}))).toHaveLength(1);
    },
  );
});

describe('on a real file system', () => {
  it('refuses links that form a cycle, and follows those of a hub cache', () => {
    const { files } = realHost();
    const root = mkdtempSync(join(tmpdir(), 'hayasa-open-'));
    try {
      symlinkSync(join(root, 'loop'), join(root, 'loop'));
      expect(() => openCheckpoint(files, join(root, 'loop'))).toThrow(/cycle/);
      writeSyntheticCheckpoint(files, {
        shape,
        preset: 'tiny',
        seed: 2,
        dtype: 'BF16',
        folder: join(root, 'blobs'),
      });
      const snapshot = join(root, 'snapshot');
      files.makeFolder(snapshot);
      symlinkSync(join(root, 'blobs', 'config.json'), join(snapshot, 'config.json'));
      symlinkSync(join(snapshot, 'model.safetensors'), join(snapshot, 'model.safetensors'));
      expect(() => openCheckpoint(files, snapshot)).toThrow(/cycle/);
      rmSync(join(snapshot, 'model.safetensors'));
      symlinkSync(join(root, 'blobs', 'model.safetensors'), join(snapshot, 'model.safetensors'));
      const { tensors } = openCheckpoint(files, snapshot);
      expect(tensors.get('embed_out.weight')?.file).toBe(
        files.realPath(join(root, 'blobs', 'model.safetensors')),
      );
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
