import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../../engines/sim/declaration.ts';
import { missing, present } from '../../kernel/maybe.ts';
import type { Sample } from '../../protocol/sample.ts';
import { engineOptions } from './engine-options.ts';
import type { GenerateModel } from './model.ts';
import { generateOutcome, generateText } from './outcome.ts';
import { promptsFor } from './prompts.ts';
import { generateTask } from './request.ts';

const model: GenerateModel = {
  name: 'm',
  path: '/m',
  format: 'safetensors',
  modelHash: 'h',
  origin: { kind: 'synthetic', preset: 'tiny', seed: 0, generator: 1 },
  shape: undefined,
  vocabularySize: 10,
  maximumPositions: 12,
  bosTokenId: 0,
  eosTokenId: 1,
  tokenizer: missing('m has no tokenizer.json'),
};
const wishes = {
  promptIds: undefined,
  prompt: undefined,
  inputTokens: undefined,
  outputTokens: 4,
  batch: 1,
  seed: 0,
};
const thrown = (action: () => unknown): unknown => {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
};

describe('promptsFor', () => {
  it('repeats a given prompt for every sequence, and draws different random ones', () => {
    expect(promptsFor(model, { ...wishes, promptIds: [5, 7], batch: 2 })).toEqual([
      [5, 7],
      [5, 7],
    ]);
    const [a, b] = promptsFor(model, { ...wishes, inputTokens: 8, batch: 2 });
    expect([a?.length, b?.length]).toEqual([8, 8]);
    expect(a).not.toEqual(b);
    expect([...a!, ...b!].every((id) => id >= 2 && id < 10)).toBe(true);
  });

  it('encodes text where there is a tokenizer, and says why there is none', () => {
    const tokenizer = present({ encode: () => [3, 4], decode: () => '', vocabularySize: 10 });
    expect(promptsFor({ ...model, tokenizer }, { ...wishes, prompt: 'x' })).toEqual([[3, 4]]);
    expect(thrown(() => promptsFor(model, { ...wishes, prompt: 'x' }))).toMatchObject({
      code: 'text/no-tokenizer',
    });
  });

  it('refuses what does not fit, all at once', () => {
    expect(
      thrown(() => promptsFor(model, { ...wishes, promptIds: [3, 10], outputTokens: 11 })),
    ).toMatchObject({
      problems: [
        { path: '--prompt-ids', value: '10', allowed: '0 to 9' },
        { path: '--output-tokens', value: '11', allowed: 'at most 10 after 2 prompt tokens' },
      ],
    });
    expect(thrown(() => promptsFor(model, { ...wishes, promptIds: [3], inputTokens: 4 }))).toMatchObject({
      problems: [{ message: 'only one of them can be given' }],
    });
  });
});

describe('engineOptions', () => {
  it('fills in defaults and takes numbers and words', () => {
    expect(engineOptions(simDeclaration, 'step_ns=5, noise=none')).toMatchObject({
      step_ns: 5,
      noise: 'none',
    });
    expect(engineOptions(simDeclaration, undefined)).toEqual(simDeclaration.options.parse({}));
  });

  it('names every option that is not allowed', () => {
    expect(thrown(() => engineOptions(simDeclaration, 'stepns=5,noise=loud'))).toMatchObject({
      problems: expect.arrayContaining([
        expect.objectContaining({ path: 'stepns', didYouMean: 'step_ns' }),
        expect.objectContaining({ path: 'noise', value: 'loud' }),
      ]),
    });
  });
});

describe('generateTask', () => {
  const task = (naturalStop: boolean, given = model) =>
    generateTask(
      simDeclaration,
      given,
      { precision: 'fp32', options: {}, threads: 2, outputTokens: 4, naturalStop },
      [
        [1, 2],
        [3, 4],
      ],
    );

  it('makes a static batch with the model’s own end of text', () => {
    const { cell, request } = task(true);
    expect(cell).toMatchObject({ inputTokens: 2, outputTokens: 4, batch: 2, slots: 2, stop: 'natural' });
    expect(request).toMatchObject({ outputTokens: [4, 4], stopTokens: [1] });
    expect(task(false).request.stopTokens).toEqual([]);
  });

  it('cannot stop where nothing ends a text', () => {
    expect(thrown(() => task(true, { ...model, eosTokenId: undefined }))).toMatchObject({
      code: 'generate/no-end-of-text',
    });
  });
});

describe('generateOutcome', () => {
  const sample: Sample = {
    call: { start_ns: 0, end_ns: 80e6 },
    steps_ns: [20e6, 30e6, 40e6],
    sequences: [
      {
        inputTokens: 2,
        intended_ns: 0,
        queued_ns: 0,
        sent_ns: 0,
        events: [{ firstStep: 0, steps: 3, tokensPerStep: 1 }],
        end_ns: 40e6,
        finish: 'length',
        tokens: [5, 6, 7],
        computedPadding: 0,
      },
      {
        inputTokens: 2,
        intended_ns: 0,
        queued_ns: 0,
        sent_ns: 0,
        events: [{ firstStep: 0, steps: 1, tokensPerStep: 1 }],
        end_ns: 20e6,
        finish: 'stop',
        tokens: [1],
        computedPadding: 0,
      },
    ],
  };
  const { cell } = generateTask(
    simDeclaration,
    model,
    { precision: 'fp32', options: {}, threads: 2, outputTokens: 3, naturalStop: true },
    [
      [1, 2],
      [3, 4],
    ],
  );
  const precision = { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' };
  const generation = {
    loaded: { effective: { precision, threads: 2, settings: {} }, stages: [], cacheBytesWritten: 0 },
    load_ms: 50,
    sample,
  };

  it('has TTFT and TPOT of each sequence, and why one is missing', () => {
    const outcome = generateOutcome(model, cell, generation);
    expect(outcome.throughput_tokensPerSecond).toEqual(present(100));
    expect(outcome.sequences).toEqual([
      { inputTokens: 2, tokens: [5, 6, 7], finish: 'length', ttft_ms: present(20), tpot_ms: present(10) },
      {
        inputTokens: 2,
        tokens: [1],
        finish: 'stop',
        ttft_ms: present(20),
        tpot_ms: missing('a single token'),
      },
    ]);
  });

  it('calls synthetic weights synthetic, and one generation a look', () => {
    const tokenizer = present({
      encode: () => [],
      decode: (ids: readonly number[]) => ids.join('-'),
      vocabularySize: 9,
    });
    expect(generateText(generateOutcome({ ...model, tokenizer }, cell, generation))).toBe(
      `m, weights synthetic (shape of tiny, seed 0); sim fp32, 2 threads
effective precision: weights float32, activations float32, KV cache float32, compute float32
loaded in 0.05 s

sequence 1: 2 tokens in, 3 out (length reached), TTFT 20 ms, TPOT 10 ms
tokens: 5 6 7
text: 5-6-7

sequence 2: 2 tokens in, 1 out (end of text), TTFT 20 ms, TPOT - (a single token)
tokens: 1
text: 1

throughput 100 tokens/s
One generation after one warm-up: a look, not a measurement. hayasa run repeats it in several launches and gives intervals.`,
    );
  });
});
