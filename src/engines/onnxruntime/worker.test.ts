import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cacheFolder,
  checkpointFolder,
  context,
  host,
  open,
  ragged,
  references,
  request,
  tiny,
  tokensOf,
} from '../../../test/support/onnxruntime-worker.ts';
import { parseCpuList } from '../../native/cpu-list.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { GenerateRequest } from '../../protocol/frames.ts';
import { depthRow } from './prefill.ts';
import { createEngine } from './worker.ts';

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

  it('can be asked for again: the second one said that no model is loaded', async () => {
    const { engine } = await open(checkpointFolder('tiny'));
    const asked = request(ragged, 3, { profile: true });
    const first = engine.generate(asked, context);
    const second = engine.generate(asked, context);
    expect(second.sequences.map(({ tokens }) => tokens)).toEqual(first.sequences.map(({ tokens }) => tokens));
    engine.unload();
    expect(() => engine.generate(asked, context)).toThrow('no model is loaded');
  });

  it('refuses what has no decode steps', async () => {
    const { engine } = await open(checkpointFolder('tiny'));
    expect(() => engine.generate(request([[1, 2]], 1, { profile: true }), context)).toThrow(FailureError);
  });
});
