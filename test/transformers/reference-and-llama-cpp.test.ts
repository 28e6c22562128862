/** The reference and the llama-cpp engine against Transformers: logits to 1e-4 and greedy tokens exactly. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engines/llama-cpp/worker.ts';
import { architectureById } from '../../src/models/architectures/registry.ts';
import { loadReference } from '../../src/models/reference/decoder.ts';
import { referenceGenerate, referenceLogits } from '../../src/models/reference/generate.ts';
import { isTestedPlatform } from '../../src/native/llama/library-location.ts';
import type { WorkerEngine } from '../../src/worker/engine.ts';
import { checkpointOf, compare, distance, goldenOf, host, names } from './compare.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-equality-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(names)('the reference on %s', (name) => {
  it('computes the logits and writes the tokens of Transformers', () => {
    const checkpoint = checkpointOf(name);
    const model = loadReference(host.files, checkpoint);
    for (const { prompt, tokens, logits } of goldenOf(name).sequences) {
      expect(referenceGenerate(host.files, checkpoint, prompt, tokens.length, model)).toEqual(tokens);
      const rows = referenceLogits(host.files, checkpoint, [...prompt, ...tokens.slice(0, -1)], model);
      expect(distance(rows[prompt.length - 1] ?? [], logits[0])).toBeLessThan(1e-4);
      expect(distance(rows.at(-1) ?? [], logits[1])).toBeLessThan(1e-4);
    }
  });
});

describe.runIf(isTestedPlatform(host.system))('llama-cpp', () => {
  const served = names.filter((name) => {
    const { shape } = checkpointOf(name);
    return architectureById(shape.architecture).gguf.problem(shape) === undefined;
  });
  let engine: WorkerEngine;
  beforeAll(() => {
    engine = createEngine(host);
  });
  afterAll(() => {
    engine.unload();
  });
  it('serves every architecture, and refuses what it would compute otherwise', () => {
    const refused = names.filter((name) => !served.includes(name));
    expect(refused).toEqual(['gemma3-linear', 'mistral-window', 'opt', 'qwen2-window', 'qwen3-biases']);
  });
  it.each(served)('computes the logits and writes the tokens of Transformers: %s', async (name) => {
    // GELU goes through a table in float16 there.
    const tolerance = /^(gemma|gpt-neox)/.test(name) ? 2e-2 : 1e-4;
    await compare(engine, folder, name, { precision: 'fp32', options: {} }, tolerance);
  });
});
