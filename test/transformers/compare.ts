/** Tiny models with what Transformers computed for them (make_goldens.py), and how an engine is held against it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { realHost } from '../../src/host/real-host.ts';
import { openCheckpoint } from '../../src/models/checkpoint/open.ts';
import type { LoadRequest } from '../../src/protocol/frames.ts';
import type { ComputeContext, WorkerEngine } from '../../src/worker/engine.ts';

interface Golden {
  readonly sequences: readonly {
    readonly prompt: number[];
    readonly tokens: number[];
    /** Those that the first and the last token were chosen by. */
    readonly logits: readonly [readonly number[], readonly number[]];
  }[];
}

export const MODELS: string = fileURLToPath(new URL('models', import.meta.url));
export const names = readdirSync(MODELS).sort();
export const host = realHost();
const context: ComputeContext = {
  now_ns: () => Number(host.clock.monotonic_ns()),
  cancelled: () => false,
  progress: () => {},
};

export const goldenOf = (name: string): Golden =>
  JSON.parse(host.files.readText(join(MODELS, name, 'golden.json'))) as Golden;
export const checkpointOf = (name: string) => openCheckpoint(host.files, join(MODELS, name));
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))).reduce((most, d) => Math.max(most, d));

/** Loads `name`, and compares the logits of each prompt, in fp32 also greedy tokens of all prompts together. */
export async function compare(
  engine: WorkerEngine,
  folder: string,
  name: string,
  asked: Pick<LoadRequest, 'precision' | 'options'>,
  tolerance: number,
): Promise<void> {
  const { sequences } = goldenOf(name);
  await engine.load(
    {
      kind: 'load',
      id: 0,
      modelPath: join(MODELS, name),
      ...asked,
      threads: 1,
      device: 'cpu',
      cacheFolder: folder,
      limits: { slots: sequences.length, positionsPerSlot: 64 },
    },
    context,
  );
  if (asked.precision === 'fp32') compareTokens(engine, sequences);
  compareLogits(engine, folder, name, tolerance);
}

function compareTokens(engine: WorkerEngine, sequences: Golden['sequences']): void {
  const sample = engine.generate(
    {
      kind: 'generate',
      id: 1,
      prompts: sequences.map(({ prompt }) => prompt),
      depthTokens: 0,
      outputTokens: sequences.map(({ tokens }) => tokens.length),
      batching: 'static',
      slots: sequences.length,
      stopTokens: [],
      deadline_ms: 60_000,
    },
    context,
  );
  expect(sample.sequences.map(({ tokens }) => tokens)).toEqual(sequences.map(({ tokens }) => tokens));
}

function compareLogits(engine: WorkerEngine, folder: string, name: string, tolerance: number): void {
  const { sequences } = goldenOf(name);
  const path = join(folder, 'logits.f32');
  engine.score(
    {
      kind: 'score',
      id: 2,
      prompts: sequences.map(({ prompt }) => prompt),
      continuations: sequences.map(({ tokens }) => tokens),
      logitsFile: { path, mode: 'write' },
      deadline_ms: 60_000,
    },
    context,
  );
  const { vocabularySize } = checkpointOf(name).shape;
  const bytes = host.files.readRange(path, 0, host.files.size(path) ?? 0);
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  let row = 0;
  for (const { tokens, logits } of sequences) {
    const at = (index: number) => all.subarray((row + index) * vocabularySize).subarray(0, vocabularySize);
    expect(distance(at(0), logits[0])).toBeLessThan(tolerance);
    expect(distance(at(tokens.length - 1), logits[1])).toBeLessThan(tolerance);
    row += tokens.length;
  }
}
