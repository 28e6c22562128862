import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { ggufBytes } from './checkpoint/gguf-fixture.ts';
import { listLocalModels, listPresets } from './list.ts';
import { ensureSyntheticCheckpoint } from './synthetic/ensure.ts';

describe('listPresets', () => {
  it('gives exact counts', () => {
    const small = listPresets().find(({ preset }) => preset.id === 'open-calm-small');
    expect(small).toMatchObject({
      parameters: 165_075_456,
      weightBytes: { fp32: 660_301_824, fp16: 330_150_912 },
      kvCacheBytesPerToken: { float32: 73_728, float16: 36_864 },
    });
  });
});

describe('listLocalModels', () => {
  it('lists what is usable, and why the rest is not', () => {
    const gguf = ggufBytes({
      metadata: { 'general.architecture': { text: 'gemma3' } },
      tensors: [{ name: 'a', dimensions: [256], type: 12, offset: 0 }],
      dataBytes: 144,
    });
    const root = '/home/test/.cache/hayasa/models';
    const host = testHost({
      files: {
        [`${root}/broken/config.json`]: '{}',
        [`${root}/gemma.gguf`]: gguf,
        [`${root}/notes.txt`]: 'x',
        [`${root}/unfinished/hayasa.json`]: '{}',
      },
    });
    const tiny = ensureSyntheticCheckpoint(host, 'tiny', 1, 'BF16');
    const found = listLocalModels(host.files, root);
    expect(found.map(({ kind, path }) => [kind, path])).toEqual([
      ['unusable', `${root}/broken`],
      ['usable', `${root}/gemma.gguf`],
      ['usable', tiny],
    ]);
    expect(found[0]).toMatchObject({
      reason: { en: expect.stringMatching(/\/config\.json: model_type is missing$/) },
    });
    expect(found[1]).toMatchObject({
      format: 'gguf',
      dtype: 'Q4_K',
      totalBytes: 144,
      architecture: 'gemma3',
    });
    expect(found[2]).toMatchObject({ dtype: 'bfloat16', parameters: 165_632, origin: { kind: 'synthetic' } });
    expect(listLocalModels(host.files, tiny)).toEqual([found[2]]);
    expect(listLocalModels(host.files, '/nowhere')).toEqual([]);
  });
});
