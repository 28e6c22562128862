/** GGUF files unpacked into checkpoints: what our writer wrote comes back, tensor by tensor. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Files } from '../../host/host.ts';
import { realHost } from '../../host/real-host.ts';
import { testHost } from '../../host/test-host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { architectureById } from '../architectures/registry.ts';
import { openGguf } from '../checkpoint/gguf-model.ts';
import { openCheckpoint } from '../checkpoint/open.ts';
import { readFloats } from '../numeric/tensor-values.ts';
import { type GgufType, tensorTypes } from './tensor-types.ts';
import { unpackGguf } from './unpack.ts';
import { writeGguf } from './write.ts';

const MODELS = fileURLToPath(new URL('../../../test/transformers/models', import.meta.url));
const real = realHost();

/** The tiny model `name` in files of memory, its GGUF file beside it. */
function packed(name: string, type: GgufType) {
  const { files } = testHost();
  for (const file of ['config.json', 'model.safetensors']) {
    const from = `${MODELS}/${name}/${file}`;
    const copy = files.createFile(`/m/${file}`);
    copy.write(real.files.readRange(from, 0, real.files.size(from) ?? 0));
    copy.commit();
  }
  const checkpoint = openCheckpoint(files, '/m');
  writeGguf(files, checkpoint, type, '/m.gguf');
  return { files, checkpoint };
}

const unpacked = (files: Files) => {
  unpackGguf(files, { gguf: openGguf(files, '/m.gguf'), folder: '/u', dtype: 'F32' });
  return openCheckpoint(files, '/u');
};

const served = readdirSync(MODELS).filter((name) => {
  const { shape } = openCheckpoint(real.files, `${MODELS}/${name}`);
  return architectureById(shape.architecture).gguf.problem(shape) === undefined;
});

describe('unpackGguf', () => {
  it.each(served.filter((name) => name !== 'llama-llama3'))('gives %s back, value by value', (name) => {
    const { files, checkpoint } = packed(name, 'f32');
    const back = unpacked(files);
    expect([...back.tensors.keys()]).toEqual([...checkpoint.tensors.keys()]);
    for (const [tensor, stored] of checkpoint.tensors) {
      const [before, after] = [readFloats(files, stored), readFloats(files, back.tensors.get(tensor)!)];
      const largest = before.reduce((most, value, i) => Math.max(most, Math.abs(value - after[i]!)), 0);
      // Gemma's norms are written plus one and read minus one, in float32.
      expect(largest).toBeLessThan(1e-6);
    }
    // Our files have no tokenizer, so nothing names the tokens that begin and end a text.
    const { architecture, activation, bosTokenId: _bos, eosTokenId: _eos, ...shape } = checkpoint.shape;
    expect(back.shape).toMatchObject({
      ...shape,
      // llama.cpp has one name for both, and one GELU.
      architecture: architecture === 'mistral' ? 'llama' : architecture,
      activation: architecture === 'gpt-neox' ? 'gelu-tanh' : activation,
    });
  });

  it('dequantises: q8_0 stays within half a step', () => {
    const { files, checkpoint } = packed('qwen3', 'q8_0');
    const back = unpacked(files);
    const name = 'model.layers.0.self_attn.q_proj.weight';
    const before = readFloats(files, checkpoint.tensors.get(name)!);
    const after = readFloats(files, back.tensors.get(name)!);
    for (let row = 0; row < before.length; row += tensorTypes.q8_0.blockValues) {
      const block = before.subarray(row, row + 32);
      const step = block.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
      block.forEach((value, i) => {
        expect(Math.abs(value - after[row + i]!)).toBeLessThan(0.51 * step + 1e-3 * Math.abs(value));
      });
    }
  });

  it('refuses what a config cannot say, and architectures without a description', () => {
    const { files } = packed('llama-llama3', 'f32');
    expect(() => unpacked(files)).toThrow('rope_freqs.weight');
    expect(files.kind('/u/config.json')).toBeUndefined();
    const gguf = { ...openGguf(files, '/m.gguf'), architecture: 'gpt2' };
    expect(() => unpackGguf(files, { gguf, folder: '/u', dtype: 'F32' })).toThrow(HayasaError);
    expect(() => unpackGguf(files, { gguf, folder: '/u', dtype: 'F32' })).toThrow('architecture gpt2');
  });

  it('names every tensor that is missing or of a format that is not read', () => {
    const { files } = packed('llama', 'f32');
    const whole = openGguf(files, '/m.gguf');
    const tensors = whole.header.tensors
      .filter(({ name }) => name !== 'blk.0.attn_k.weight')
      .map((tensor) => (tensor.name === 'output.weight' ? { ...tensor, type: 'IQ3_S' } : tensor));
    const gguf = { ...whole, header: { ...whole.header, tensors } };
    const attempt = () => unpackGguf(files, { gguf, folder: '/u', dtype: 'F32' });
    expect(attempt).toThrow(/2 problems/);
  });
});
