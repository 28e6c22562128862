import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { realHost } from '../../host/real-host.ts';
import type { TensorDtype } from '../../models/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../models/checkpoint/open.ts';
import type { PrecisionName } from '../../models/precision.ts';
import { presetOf } from '../../models/presets.ts';
import { loadReference } from '../../models/reference/decoder.ts';
import { referenceGenerate } from '../../models/reference/generate.ts';
import type { ModelShape } from '../../models/shape.ts';
import { writeSyntheticCheckpoint } from '../../models/synthetic/synthetic-checkpoint.ts';
import { parseCpuList } from '../../native/cpu-list.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { GenerateRequest, Loaded, LoadRequest } from '../../protocol/frames.ts';
import type { ComputeContext, WorkerEngine } from '../../worker/engine.ts';
import { onnxruntimeOptions } from './options.ts';
import { depthRow } from './prefill.ts';
import { createEngine } from './worker.ts';

const host = realHost();
const folder = mkdtempSync(join(tmpdir(), 'hayasa-ort-'));
const cacheFolder = join(folder, 'cache');
afterAll(() => rmSync(folder, { recursive: true }));

let clock = 0;
const context: ComputeContext = {
  now_ns: () => ++clock,
  cancelled: () => false,
  progress: () => {},
};

const tiny = presetOf('tiny').shape;

function checkpointFolder(
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

async function open(
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

function request(
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

const ragged = [
  [5, 9, 100, 7, 33, 8, 1],
  [17, 300],
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  [44, 45, 46],
  [500],
];

function references(path: string, prompts: readonly (readonly number[])[], count: number): number[][] {
  const checkpoint = openCheckpoint(host.files, path);
  const model = loadReference(host.files, checkpoint);
  return prompts.map((prompt) => referenceGenerate(host.files, checkpoint, prompt, count, model));
}

const tokensOf = (engine: WorkerEngine, asked: GenerateRequest) =>
  engine.generate(asked, context).sequences.map(({ tokens }) => tokens);

/** Two threads can each be kept on a CPU only where there are two. */
const cpus = parseCpuList(
  /^Cpus_allowed_list:\s*(\S+)$/m.exec(host.files.tryReadText('/proc/self/status') ?? '')?.[1] ?? '',
).length;

describe('greedy tokens in fp32', () => {
  const plain = checkpointFolder('tiny');
  const expected = references(plain, ragged, 14);

  it.each([
    { attention: 'fused' },
    { attention: 'plain' },
    { promptPadding: 'skipped' },
    { attention: 'plain', promptPadding: 'skipped' },
    { kvCache: 'off' },
    { kvCache: 'off', attention: 'plain' },
    { prepacking: false, graphOptimisation: 'disabled' },
    { graphOptimisation: 'basic', spinning: false },
    ...(cpus >= 2 ? [{ pinThreads: true }] : []),
  ])('equal the reference for a ragged batch with %o', async (options) => {
    const { engine } = await open(plain, options);
    expect(tokensOf(engine, request(ragged, 14))).toEqual(expected);
    engine.unload();
  });

  it('equal the reference one by one, and again in the same buffers', async () => {
    const { engine } = await open(plain);
    for (const [i, prompt] of ragged.entries()) {
      expect(tokensOf(engine, request([prompt], 14))).toEqual([expected[i]]);
      expect(tokensOf(engine, request([prompt], 14))).toEqual([expected[i]]);
    }
    engine.unload();
  });

  it.each([1, 2, 3, 5])('equal the reference in continuous batching over %i slots', async (slots) => {
    const { engine } = await open(plain);
    expect(tokensOf(engine, request(ragged, 14, { batching: 'continuous', slots }))).toEqual(expected);
    const outputTokens = [3, 9, 1, 14, 6];
    const cut = expected.map((tokens, i) => tokens.slice(0, outputTokens[i]));
    const uneven = request(ragged, 0, { batching: 'continuous', slots, outputTokens });
    expect(tokensOf(engine, uneven)).toEqual(cut);
    engine.unload();
  });

  it.each([
    ['parallel residual', { ...tiny, residual: 'parallel' as const }],
    ['gelu by tanh', { ...tiny, activation: 'gelu-tanh' as const }],
    ['half of the head rotated', { ...tiny, rotary: { dimensions: 16, base: 10000 } }],
    ['tied embeddings', { ...tiny, tiedEmbeddings: true }],
  ])('equal the reference with %s', async (name, shape) => {
    const path = checkpointFolder(name.replaceAll(' ', '-'), shape);
    const wanted = references(path, ragged, 6);
    for (const attention of ['fused', 'plain']) {
      const { engine } = await open(path, { attention });
      expect(tokensOf(engine, request(ragged, 6))).toEqual(wanted);
      engine.unload();
    }
  });

  it('equal the reference with a quarter of the head rotated, by plain attention', async () => {
    const path = checkpointFolder('quarter', { ...tiny, rotary: { dimensions: 8, base: 10000 } });
    const { engine } = await open(path, { attention: 'plain' });
    expect(tokensOf(engine, request(ragged, 6))).toEqual(references(path, ragged, 6));
    engine.unload();
  });

  it.each(['F16', 'BF16'] as const)('equal the reference from %s weights in three shards', async (dtype) => {
    const path = checkpointFolder(`tiny-${dtype}`, tiny, dtype, 3);
    for (const attention of ['fused', 'plain']) {
      const { engine } = await open(path, { attention });
      expect(tokensOf(engine, request(ragged, 6))).toEqual(references(path, ragged, 6));
      engine.unload();
    }
  });

  it.each(['fused', 'plain'])('come after the depth in %s attention', async (attention) => {
    const wanted = references(
      plain,
      ragged.map((prompt) => [...depthRow(prompt, 9), ...prompt]),
      5,
    );
    const { engine } = await open(plain, { attention });
    expect(tokensOf(engine, request(ragged, 5, { depthTokens: 9 }))).toEqual(wanted);
    engine.unload();
  });

  it('end with the first end-of-text, padding counted', async () => {
    const { engine } = await open(plain);
    const stop = expected[0]![4]!;
    const cut = expected.map((tokens) => {
      const at = tokens.indexOf(stop);
      return at === -1 ? tokens : tokens.slice(0, at + 1);
    });
    const sample = engine.generate(request(ragged, 14, { stopTokens: [stop] }), context);
    expect(sample.sequences.map(({ tokens }) => tokens)).toEqual(cut);
    const steps = Math.max(...cut.map((tokens) => tokens.length));
    expect(sample.steps_ns).toHaveLength(steps);
    expect(sample.sequences.map(({ computedPadding }) => computedPadding)).toEqual(
      cut.map((tokens) => steps - tokens.length),
    );
    expect(sample.sequences[0]!.finish).toBe('stop');
    const continuous = request(ragged, 14, { stopTokens: [stop], batching: 'continuous', slots: 2 });
    expect(tokensOf(engine, continuous)).toEqual(cut);
    engine.unload();
  });
});

describe('a sample', () => {
  const path = checkpointFolder('tiny');

  it('has one stamp per step of a static batch', async () => {
    const { engine } = await open(path);
    const sample = engine.generate(request(ragged, 5), context);
    expect(sample.steps_ns).toHaveLength(5);
    expect(sample.sequences[1]!.events).toEqual([{ firstStep: 0, steps: 5, tokensPerStep: 1 }]);
    engine.unload();
  });

  it('tells queued from sent in continuous batching', async () => {
    const { engine } = await open(path);
    const sample = engine.generate(
      request(ragged.slice(0, 3), 3, { batching: 'continuous', slots: 2 }),
      context,
    );
    const [first, second, third] = sample.sequences;
    // Prefill, prefill, two decodes of both, prefill of the third, two decodes.
    expect(sample.steps_ns).toHaveLength(7);
    expect(first!.events).toEqual([
      { firstStep: 0, steps: 1, tokensPerStep: 1 },
      { firstStep: 2, steps: 2, tokensPerStep: 1 },
    ]);
    expect(second!.events).toEqual([{ firstStep: 1, steps: 3, tokensPerStep: 1 }]);
    expect(third!.events).toEqual([{ firstStep: 4, steps: 3, tokensPerStep: 1 }]);
    expect(third!.queued_ns).toBe(sample.call.start_ns);
    expect(third!.sent_ns).toBeGreaterThan(sample.steps_ns[3]!);
    engine.unload();
  });

  it('keeps what there is when it is cancelled between steps', async () => {
    const { engine } = await open(path);
    let asked = 0;
    const cancelling = { ...context, cancelled: () => ++asked > 4 };
    const sample = engine.generate(request(ragged, 14), cancelling);
    expect(sample.sequences.map(({ finish, tokens }) => [finish, tokens.length])).toEqual(
      ragged.map(() => ['cancelled', 4]),
    );
    engine.unload();
  });
});

describe('precisions', () => {
  const path = checkpointFolder('tiny');

  it.each(['fp16', 'w8a8', 'w8', 'w4'] as const)(
    '%s generates from both attentions alike',
    async (precision) => {
      const prompts = [ragged[0]!];
      const fused = await open(path, {}, precision);
      const plain = await open(path, { attention: 'plain' }, precision);
      const tokens = tokensOf(fused.engine, request(prompts, 6));
      expect(tokens[0]).toHaveLength(6);
      // fp16 attention computes in float16 where it is fused and in float32 where it is plain.
      if (precision !== 'fp16') expect(tokensOf(plain.engine, request(prompts, 6))).toEqual(tokens);
      fused.engine.unload();
      plain.engine.unload();
    },
  );

  it('w8 in float32 activations follows the reference closely, w4 less so', async () => {
    const expected = references(path, ragged, 8);
    const logitsFile = { path: join(folder, 'logits.f32'), mode: 'write' as const };
    const scoring = {
      kind: 'score' as const,
      id: 3,
      prompts: ragged,
      continuations: expected,
      deadline_ms: 1,
    };
    const reference = await open(path);
    const written = reference.engine.score({ ...scoring, logitsFile }, context);
    expect(written).toMatchObject({ equalPositions: 40, positions: 40 });
    const compare = { ...scoring, logitsFile: { ...logitsFile, mode: 'compare' as const } };
    const same = { ...written, meanKlDivergence: 0, equalChoices: 40 };
    expect(reference.engine.score(compare, context)).toEqual(same);
    const divergence = async (precision: PrecisionName): Promise<number> => {
      const { engine } = await open(path, { accuracyLevel: 1 }, precision);
      const { meanKlDivergence } = engine.score(compare, context);
      engine.unload();
      return meanKlDivergence!;
    };
    const [eight, four] = [await divergence('w8'), await divergence('w4')];
    expect(eight).toBeGreaterThan(0);
    expect(eight).toBeLessThan(0.001);
    expect(four).toBeGreaterThan(eight);
    expect(four).toBeLessThan(0.5);
    const withoutCache = await open(path, { kvCache: 'off' });
    expect(withoutCache.engine.score(compare, context).equalPositions).toBe(40);
    reference.engine.unload();
    withoutCache.engine.unload();
  });

  it('quantise once and say how many bytes they wrote', async () => {
    const own = checkpointFolder('once', { ...tiny, layerCount: 3 });
    const first = await open(own, {}, 'w8');
    expect(first.loaded.stages.map(({ name }) => name)).toEqual([
      'open-checkpoint',
      'link-weights',
      'quantise',
      'write-graph',
      'create-session',
      'huge-pages',
    ]);
    expect(first.loaded.cacheBytesWritten).toBeGreaterThan(3 * 12 * 64 * 64);
    const second = await open(own, {}, 'w8');
    expect(second.loaded.cacheBytesWritten).toBe(0);
    expect(second.loaded.effective.precision).toEqual({
      weights: 'int8',
      activations: 'int8',
      kvCache: 'float32',
      compute: 'int32',
      groupSize: 32,
    });
    first.engine.unload();
    second.engine.unload();
  });
});

describe('requests that cannot be served', () => {
  const path = checkpointFolder('tiny');
  const failureOf = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      return error instanceof FailureError ? error.failure : error;
    }
    return undefined;
  };

  it('are refused with a reason, and the engine goes on', async () => {
    const { engine } = await open(path);
    const fails = (asked: GenerateRequest) => failureOf(() => engine.generate(asked, context));
    expect(fails(request([[512]], 1))).toEqual({
      cause: 'unsupported',
      message: {
        en: 'token 512 is outside the vocabulary of 512',
        ja: 'トークン 512 は語彙（512）の外です',
      },
    });
    expect(fails(request([[1, 2]], 255))).toMatchObject({ cause: 'unsupported' });
    expect(fails(request([[1]], 1, { outputTokens: [1, 1] }))).toMatchObject({ cause: 'unsupported' });
    expect(tokensOf(engine, request([[1]], 2))[0]).toHaveLength(2);
    engine.unload();
  });

  it('name the missing model', () => {
    expect(failureOf(() => createEngine(host).generate(request([[1]], 1), context))).toMatchObject({
      cause: 'protocol',
    });
  });
});

describe('a profiled generation', () => {
  it('writes the same tokens, with kernels by operator within the time of the steps, and leaves no file', async () => {
    const path = checkpointFolder('tiny');
    const { engine } = await open(path);
    const asked = request(ragged, 5);
    const plain = tokensOf(engine, asked);
    const { profile, sequences } = engine.generate({ ...asked, profile: true }, context);
    expect(sequences.map(({ tokens }) => tokens)).toEqual(plain);
    expect(profile?.steps).toBe(4);
    const names = profile?.operators.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['GroupQueryAttention', 'Gemm']));
    const total_ns = profile?.operators.reduce((sum, { time_ns }) => sum + time_ns, 0) ?? 0;
    expect(total_ns).toBeLessThanOrEqual((profile?.elapsed_ns ?? 0) + 4_000);
    // Every step runs every kernel once.
    for (const { calls } of profile?.operators ?? []) expect(calls % 4).toBe(0);
    expect(host.files.list(join(cacheFolder, 'profiles'))).toEqual([]);
    expect(() => engine.generate(asked, context)).toThrow('no model is loaded');
  });

  it('refuses what has no decode steps', async () => {
    const { engine } = await open(checkpointFolder('tiny'));
    expect(() => engine.generate(request([[1, 2]], 1, { profile: true }), context)).toThrow(FailureError);
  });
});
