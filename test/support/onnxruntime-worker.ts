/** Workers of the onnxruntime engine on tiny synthetic checkpoints, in the test's own process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { onnxruntimeOptions } from '../../src/engines/onnxruntime/options.ts';
import { createEngine } from '../../src/engines/onnxruntime/worker.ts';
import { realHost } from '../../src/host/real-host.ts';
import type { TensorDtype } from '../../src/models/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../src/models/checkpoint/open.ts';
import type { PrecisionName } from '../../src/models/precision.ts';
import { presetOf } from '../../src/models/presets.ts';
import { loadReference } from '../../src/models/reference/decoder.ts';
import { referenceGenerate } from '../../src/models/reference/generate.ts';
import type { ModelShape } from '../../src/models/shape.ts';
import { writeSyntheticCheckpoint } from '../../src/models/synthetic/synthetic-checkpoint.ts';
import type { GenerateRequest, Loaded, LoadRequest } from '../../src/protocol/frames.ts';
import type { ComputeContext, WorkerEngine } from '../../src/worker/engine.ts';

export const host = realHost();
export const folder = mkdtempSync(join(tmpdir(), 'hayasa-ort-'));
export const cacheFolder = join(folder, 'cache');
afterAll(() => rmSync(folder, { recursive: true }));

let clock = 0;
export const context: ComputeContext = {
  now_ns: () => ++clock,
  cancelled: () => false,
  progress: () => {},
};

export const tiny = presetOf('tiny').shape;

export function checkpointFolder(
  name: string,
  shape: ModelShape = tiny,
  dtype: TensorDtype = 'F32',
  shards = 1,
): string {
  const path = join(folder, name);
  if (host.files.kind(path) === undefined) {
    writeSyntheticCheckpoint(host.files, { folder: path, shape, preset: name, seed: 3, dtype, shards });
  }
  return path;
}

interface Opened {
  readonly engine: WorkerEngine;
  readonly loaded: Loaded;
}

export async function open(
  modelPath: string,
  options: Partial<LoadRequest['options']> = {},
  precision: PrecisionName = 'fp32',
): Promise<Opened> {
  const engine = createEngine(host);
  const loaded = await engine.load(
    {
      kind: 'load',
      id: 1,
      modelPath,
      precision,
      options: onnxruntimeOptions.parse(options),
      threads: 2,
      device: 'cpu',
      cacheFolder,
      limits: { slots: 8, positionsPerSlot: 64 },
    },
    context,
  );
  return { engine, loaded };
}

export function request(
  prompts: readonly (readonly number[])[],
  count: number,
  more: Partial<GenerateRequest> = {},
) {
  return {
    kind: 'generate' as const,
    id: 2,
    prompts: prompts.map((prompt) => [...prompt]),
    depthTokens: 0,
    outputTokens: prompts.map(() => count),
    batching: 'static' as const,
    slots: prompts.length,
    stopTokens: [],
    deadline_ms: 60_000,
    ...more,
  };
}

export const ragged = [
  [5, 9, 100, 7, 33, 8, 1],
  [17, 300],
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  [44, 45, 46],
  [500],
];

export function references(path: string, prompts: readonly (readonly number[])[], count: number): number[][] {
  const checkpoint = openCheckpoint(host.files, path);
  const model = loadReference(host.files, checkpoint);
  return prompts.map((prompt) => referenceGenerate(host.files, checkpoint, prompt, count, model));
}

export const tokensOf = (engine: WorkerEngine, asked: GenerateRequest): number[][] =>
  engine.generate(asked, context).sequences.map(({ tokens }) => tokens);
