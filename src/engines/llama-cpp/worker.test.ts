/** The engine in this process, on the smallest preset: what the conformance suite does not ask. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realHost } from '../../host/real-host.ts';
import { openCheckpoint } from '../../models/checkpoint/open.ts';
import { ensureGguf } from '../../models/gguf/write.ts';
import { referenceGenerate } from '../../models/reference/generate.ts';
import { ensureSyntheticCheckpoint } from '../../models/synthetic/ensure.ts';
import { isTestedPlatform } from '../../native/llama/library-location.ts';
import type { GenerateRequest, LoadRequest } from '../../protocol/frames.ts';
import type { ComputeContext, WorkerEngine } from '../../worker/engine.ts';
import { createEngine } from './worker.ts';

const real = realHost();
const COUNT = 12;
const PROMPTS = [
  [5, 300, 17, 44, 9],
  [1, 2, 3],
  [500, 20, 7, 100, 101, 102, 103, 104, 105, 106],
];

const context = (changes: Partial<ComputeContext> = {}): ComputeContext => {
  const origin_ns = real.clock.monotonic_ns();
  return {
    now_ns: () => Number(real.clock.monotonic_ns() - origin_ns),
    cancelled: () => false,
    progress: () => {},
    ...changes,
  };
};

const generation = (changes: Partial<GenerateRequest> = {}): GenerateRequest => {
  const prompts = changes.prompts ?? PROMPTS;
  return {
    kind: 'generate',
    id: 1,
    prompts,
    depthTokens: 0,
    outputTokens: prompts.map(() => COUNT),
    batching: 'static',
    slots: prompts.length,
    stopTokens: [],
    deadline_ms: 60_000,
    ...changes,
  };
};

describe.runIf(isTestedPlatform(real.system))('the llama-cpp engine', () => {
  let folder = '';
  let engine: WorkerEngine;
  let modelPath = '';
  let alone: number[][] = [];

  const request = (changes: Partial<LoadRequest> = {}): LoadRequest => ({
    kind: 'load',
    id: 0,
    modelPath,
    precision: 'fp32',
    options: {},
    threads: 1,
    device: 'cpu',
    cacheFolder: folder,
    limits: { slots: 4, positionsPerSlot: 64 },
    ...changes,
  });
  const tokensOf = (changes: Partial<GenerateRequest> = {}) =>
    engine.generate(generation(changes), context()).sequences.map(({ tokens }) => tokens);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hayasa-llama-'));
    const host = { ...real, system: { ...real.system, cacheFolder: folder } };
    modelPath = ensureSyntheticCheckpoint(host, 'tiny', 5, 'F32');
    const checkpoint = openCheckpoint(real.files, modelPath);
    alone = PROMPTS.map((prompt) => referenceGenerate(real.files, checkpoint, prompt, COUNT));
    engine = createEngine(host);
  });
  afterAll(() => {
    engine.unload();
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes its file once, and says so', async () => {
    const first = await engine.load(request(), context());
    expect(first.cacheBytesWritten).toBeGreaterThan(0);
    expect(first.stages.map(({ name }) => name)).toEqual([
      'convert',
      'load-model',
      'huge-pages',
      'create-context',
    ]);
    expect((await engine.load(request(), context())).cacheBytesWritten).toBe(0);
  });

  it.each([
    ['flashAttention', 'on'],
    ['flashAttention', 'off'],
    ['unifiedKvCache', true],
    ['mmap', false],
    ['ubatch', 2],
    ['batch', 3],
    ['threadpool', 'per-step'],
    ['polling', 0],
  ] as const)('gives the tokens of the reference with %s %s', async (option, value) => {
    const loaded = await engine.load(request({ options: { [option]: value } }), context());
    expect(loaded.effective.settings[option]).toBe(value);
    expect(tokensOf()).toEqual(alone);
    expect(tokensOf({ batching: 'continuous', slots: 2 })).toEqual(alone);
  });

  it('says to which CPU a pinned thread is kept, and computes the same', async () => {
    const loaded = await engine.load(request({ options: { pinThreads: true } }), context());
    expect(loaded.effective.settings['pinnedToCpus']).toMatch(/^\d+$/);
    expect(tokensOf()).toEqual(alone);
  });

  it("gives libllama's own timers of the same call where they are asked for, inside its stamps", async () => {
    await engine.load(request(), context());
    const { engineTimers, call, steps_ns, sequences } = engine.generate(
      generation({ engineTimers: true, depthTokens: 4 }),
      context(),
    );
    expect(sequences.map(({ tokens }) => tokens.length)).toEqual(PROMPTS.map(() => COUNT));
    expect(engineTimers?.prefill_ns).toBeGreaterThan(0);
    // Its counters are whole microseconds, one rounding for each step.
    expect(engineTimers?.prefill_ns).toBeLessThan((steps_ns[0] ?? 0) - call.start_ns + 1000);
    expect(engineTimers?.decode_ns).toBeGreaterThan(0);
    expect(engineTimers?.decode_ns).toBeLessThan((steps_ns.at(-1) ?? 0) - (steps_ns[0] ?? 0) + COUNT * 1000);
    expect(engine.generate(generation(), context()).engineTimers).toBeUndefined();
    expect(() =>
      engine.generate(generation({ engineTimers: true, batching: 'continuous', slots: 2 }), context()),
    ).toThrow('static batching');
  });

  it('keeps more than one thread from step to step', async () => {
    await engine.load(request({ threads: 2 }), context());
    expect(tokensOf()).toEqual(alone);
    expect(tokensOf()).toEqual(alone);
  });

  it('stamps the first tokens of a cut prefill when they come', async () => {
    await engine.load(request({ options: { batch: 5 } }), context());
    const sample = engine.generate(
      generation({
        prompts: [
          [1, 2, 3, 4, 5],
          [6, 7, 8],
        ],
      }),
      context(),
    );
    expect(sample.steps_ns.length).toBe(COUNT + 1);
    expect(sample.sequences.map(({ events }) => events)).toEqual([
      [
        { firstStep: 0, steps: 1, tokensPerStep: 1 },
        { firstStep: 2, steps: COUNT - 1, tokensPerStep: 1 },
      ],
      [{ firstStep: 1, steps: COUNT, tokensPerStep: 1 }],
    ]);
  });

  it('leaves finished rows out, or computes them as padding, with the same tokens', async () => {
    const outputTokens = [3, COUNT, 5];
    const expected = alone.map((tokens, i) => tokens.slice(0, outputTokens[i]));
    const paddingOf = async (finishedRows: string) => {
      await engine.load(request({ options: { finishedRows } }), context());
      const { sequences, steps_ns } = engine.generate(generation({ outputTokens }), context());
      expect(sequences.map(({ tokens }) => tokens)).toEqual(expected);
      expect(sequences.map(({ finish }) => finish)).toEqual(['length', 'length', 'length']);
      expect(steps_ns).toHaveLength(COUNT);
      return sequences.map(({ computedPadding, computedPromptPadding }) => [
        computedPadding,
        computedPromptPadding,
      ]);
    };
    expect(await paddingOf('left-out')).toEqual([0, 0, 0].map((none) => [none, 0]));
    expect(await paddingOf('computed')).toEqual([COUNT - 3, 0, COUNT - 5].map((rows) => [rows, 0]));
    expect(() => engine.generate(generation({ batching: 'continuous', slots: 2 }), context())).toThrow(
      'finishedRows computed needs static batching',
    );
    const long = generation({ prompts: [PROMPTS[2]!, [1]], outputTokens: [1, 240] });
    expect(engine.generate(long, context()).sequences[0]?.computedPadding).toBe(239);
  });

  it('continues after a depth as after a longer prompt', async () => {
    await engine.load(request(), context());
    const prompt = [7, 8, 9];
    const whole = [7, 8, 9, 7, 8, 9, 7, ...prompt];
    expect(tokensOf({ prompts: [prompt], depthTokens: 7 })).toEqual(tokensOf({ prompts: [whole] }));
  });

  it('runs a GGUF file as it is and takes the precision from it', async () => {
    const checkpoint = openCheckpoint(real.files, modelPath);
    const { path } = ensureGguf(real, checkpoint, 'q4_0', join(folder, 'own'));
    const loaded = await engine.load(request({ modelPath: path }), context());
    expect(loaded.cacheBytesWritten).toBe(0);
    expect(loaded.stages.map(({ name }) => name)).toEqual(['load-model', 'huge-pages', 'create-context']);
    expect(loaded.effective.precision).toEqual({
      weights: 'int4',
      activations: 'int8',
      kvCache: 'float32',
      compute: 'int32',
      groupSize: 32,
    });
    expect(tokensOf().map(({ length }) => length)).toEqual([COUNT, COUNT, COUNT]);
  });

  it('refuses a file that is no GGUF, or a damaged one, with the reason', () => {
    const other = join(folder, 'other.gguf');
    real.files.writeText(other, 'PK nonsense');
    expect(() => engine.load(request({ modelPath: other }), context())).toThrow('is no GGUF file');
    real.files.writeText(other, 'GGUF nonsense');
    expect(() => engine.load(request({ modelPath: other }), context())).toThrow(`did not load ${other}`);
  });

  it('ends between steps, and inside a prefill, when cancelled', async () => {
    await engine.load(request(), context());
    let asked = 0;
    const later = context({
      cancelled: () => {
        asked += 1;
        return asked > 60;
      },
    });
    const inPrefill = engine.generate(generation(), context({ cancelled: () => true }));
    expect(inPrefill.sequences.map(({ tokens, finish }) => [tokens.length, finish])).toEqual(
      PROMPTS.map(() => [0, 'cancelled']),
    );
    const sample = engine.generate(generation({ outputTokens: PROMPTS.map(() => 200) }), later);
    expect(sample.sequences.every(({ finish }) => finish === 'cancelled')).toBe(true);
    expect(sample.sequences.every(({ tokens }) => tokens.length < 200)).toBe(true);
    expect(tokensOf()).toEqual(alone);
  });

  it('refuses a comparison with logits of another length', async () => {
    await engine.load(request(), context());
    const logitsFile = { path: join(folder, 'logits'), mode: 'compare' as const };
    real.files.writeText(logitsFile.path, 'short');
    const asked = {
      kind: 'score' as const,
      id: 2,
      prompts: [[1]],
      continuations: [[2]],
      logitsFile,
      deadline_ms: 1000,
    };
    expect(() => engine.score(asked, context())).toThrow('has 5 bytes, 1 rows of 512 logits take 2048');
  });
});
