/** A mix of K-quants, made by llama.cpp's own quantiser, dequantised into a checkpoint. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realHost } from '../../src/host/real-host.ts';
import { openGguf } from '../../src/models/checkpoint/gguf-model.ts';
import { openCheckpoint } from '../../src/models/checkpoint/open.ts';
import { unpackGguf } from '../../src/models/gguf/unpack.ts';
import { writeGguf } from '../../src/models/gguf/write.ts';
import { readFloats } from '../../src/models/numeric/tensor-values.ts';
import { presetOf } from '../../src/models/presets.ts';
import { writeSyntheticCheckpoint } from '../../src/models/synthetic/synthetic-checkpoint.ts';
import { isTestedPlatform } from '../../src/native/llama/library-location.ts';
import { quantiseGguf } from '../support/gpt2-gguf.ts';

const { files, system } = realHost();

describe.runIf(isTestedPlatform(system))('a Q4_K_M file', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hayasa-unpack-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('becomes a checkpoint of the same shape, with values a few percent away', () => {
    const shape = {
      ...presetOf('TinyLlama-1.1B-Chat-v1.0').shape,
      ...{ hiddenSize: 256, layerCount: 2, headCount: 4, kvHeadCount: 2, headSize: 64 },
      ...{ feedForwardSize: 512, vocabularySize: 512, bosTokenId: undefined, eosTokenId: undefined },
    };
    const source = join(folder, 'source');
    writeSyntheticCheckpoint(files, { shape, preset: 'small', seed: 1, dtype: 'F32', folder: source });
    const checkpoint = openCheckpoint(files, source);
    writeGguf(files, checkpoint, 'f32', join(folder, 'f32.gguf'));
    quantiseGguf(join(folder, 'f32.gguf'), join(folder, 'Q4_K_M.gguf'), 'Q4_K_M');
    const gguf = openGguf(files, join(folder, 'Q4_K_M.gguf'));
    expect(gguf.formats.map(({ type }) => type)).toEqual(expect.arrayContaining(['Q4_K', 'Q6_K', 'F32']));
    unpackGguf(files, { gguf, folder: join(folder, 'back'), dtype: 'F32' });
    const back = openCheckpoint(files, join(folder, 'back'));
    expect(back.shape).toEqual(shape);
    for (const [name, stored] of checkpoint.tensors) {
      const [before, after] = [readFloats(files, stored), readFloats(files, back.tensors.get(name)!)];
      const squares = (values: Float32Array): number => values.reduce((sum, value) => sum + value ** 2, 0);
      const error = squares(before.map((value, i) => value - after[i]!)) / squares(before);
      // Rows in another order would be at 2.
      expect(error).toBeLessThan(0.01);
    }
  });
});
