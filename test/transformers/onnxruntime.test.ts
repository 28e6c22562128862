/** The onnxruntime engine against Transformers: logits to 1e-4 and greedy tokens exactly in fp32. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { onnxruntimeDeclaration } from '../../src/engines/onnxruntime/declaration.ts';
import { createEngine } from '../../src/engines/onnxruntime/worker.ts';
import type { WorkerEngine } from '../../src/worker/engine.ts';
import { checkpointOf, compare, host, names } from './compare.ts';

const { architectures } = onnxruntimeDeclaration.capabilities;
const served = names.filter((name) => architectures.includes(checkpointOf(name).shape.architecture));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-equality-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['fused', { attention: 'fused' }],
  ['plain', { attention: 'plain' }],
  ['without a cache', { attention: 'plain', kvCache: 'off' }],
] as const)('onnxruntime, attention %s', (_, options) => {
  let engine: WorkerEngine;
  beforeAll(() => {
    engine = createEngine(host);
  });
  afterAll(() => {
    engine.unload();
  });
  it.each(served)('computes the logits and writes the tokens of Transformers: %s', async (name) => {
    await compare(engine, folder, name, { precision: 'fp32', options }, 1e-4);
  });
});

describe('onnxruntime, quantised', () => {
  let engine: WorkerEngine;
  beforeAll(() => {
    engine = createEngine(host);
  });
  afterAll(() => {
    engine.unload();
  });
  const models = ['llama-biases-tied', 'qwen3', 'gemma3'];
  const precisions = [
    ['w8a8', {}, 0.5],
    ['w8', {}, 0.2],
    ['fp16', {}, 0.1],
    ['w8', { attention: 'plain', kvCacheFormat: 'float16' }, 0.2],
  ] as const;
  it.each(models.flatMap((name) => precisions.map((precision) => [name, ...precision] as const)))(
    'stays near the logits of Transformers: %s as %s %j',
    async (name, precision, options, tolerance) => {
      await compare(engine, folder, name, { precision, options }, tolerance);
    },
  );
});
