import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../../engines/sim/declaration.ts';
import { same, sayEnglish } from '../../kernel/language.ts';
import { missing, present } from '../../kernel/maybe.ts';
import type { Sample } from '../../protocol/sample.ts';
import type { ChatMessage } from '../../text/chat-template.ts';
import { testTokenizer } from '../../text/test-tokenizers.ts';
import type { TextTokenizer } from '../../text/text-tokenizer.ts';
import { testTerminal } from '../ui/test-terminal.ts';
import { engineOptions } from './engine-options.ts';
import type { GenerateModel } from './model.ts';
import { generateOutcome } from './outcome.ts';
import { figuresText, settingText } from './outcome-text.ts';
import { promptsFor } from './prompts.ts';
import { generateTask } from './request.ts';
import { watchText } from './watch.ts';

const model: GenerateModel = {
  name: 'm',
  path: '/m',
  format: 'safetensors',
  modelHash: 'h',
  origin: { kind: 'synthetic', preset: 'tiny', seed: 0, generator: 1 },
  shape: undefined,
  file: undefined,
  vocabularySize: 10,
  maximumPositions: 12,
  bosTokenId: 0,
  endOfTextTokens: [1],
  tokenizer: missing(same('m has no tokenizer.json')),
  warnings: [],
};
const wishes = {
  promptIds: undefined,
  prompt: undefined,
  source: undefined,
  chat: undefined,
  system: undefined,
  inputTokens: undefined,
  outputTokens: 4,
  batch: 1,
  seed: 0,
};
const fakeTokenizer = (parts: Partial<TextTokenizer>): TextTokenizer => ({
  kind: 'fake',
  hash: 'h',
  encode: () => [],
  decode: () => '',
  clearCache: () => {},
  readsSpecialTokens: true,
  prefixTokens: [],
  vocabularySize: 10,
  ...parts,
});
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
      { ids: [5, 7] },
      { ids: [5, 7] },
    ]);
    const [a, b] = promptsFor(model, { ...wishes, inputTokens: 8, batch: 2 });
    expect([a?.ids.length, b?.ids.length]).toEqual([8, 8]);
    expect(a).not.toEqual(b);
    expect([...a!.ids, ...b!.ids].every((id) => id >= 2 && id < 10)).toBe(true);
  });

  it('encodes text where there is a tokenizer, and says why there is none', () => {
    const tokenizer = present(fakeTokenizer({ encode: () => [3, 4] }));
    expect(promptsFor({ ...model, tokenizer }, { ...wishes, prompt: 'x' })).toEqual([
      { ids: [3, 4], text: 'x' },
    ]);
    const begins = present(fakeTokenizer({ encode: () => [3, 4], prefixTokens: [0] }));
    expect(promptsFor({ ...model, tokenizer: begins }, { ...wishes, prompt: 'x' })[0]?.ids).toEqual([
      0, 3, 4,
    ]);
    expect(thrown(() => promptsFor(model, { ...wishes, prompt: 'x' }))).toMatchObject({
      code: 'text/no-tokenizer',
    });
  });

  it('cuts different prompts of exactly the length from a text', () => {
    const source = { name: 'f.txt', text: '一つ目の文。二つ目の文。三つ目の文。', hash: 'h' };
    const tokenizer = present(testTokenizer('byte-level-bpe'));
    const bytes = { ...model, tokenizer, vocabularySize: 512, maximumPositions: 64 };
    const prompts = promptsFor(bytes, { ...wishes, source, inputTokens: 9, batch: 3 });
    expect(prompts.map(({ ids }) => ids.length)).toEqual([9, 9, 9]);
    expect(new Set(prompts.map(({ text }) => text)).size).toBe(3);
    expect(thrown(() => promptsFor(model, { ...wishes, source }))).toMatchObject({
      code: 'text/no-tokenizer',
      message: '--text needs a tokenizer: m has no tokenizer.json',
    });
    expect(thrown(() => promptsFor(bytes, { ...wishes, source, prompt: 'x' }))).toMatchObject({
      problems: [{ path: '--prompt-ids, --prompt, --text', message: 'only one of them can be given' }],
    });
  });

  it('puts a prompt into the chat template', () => {
    const tokenizer = present(testTokenizer('byte-level-bpe'));
    const bytes = { ...model, tokenizer, vocabularySize: 512, maximumPositions: 128 };
    const chat = present({
      hash: 'h',
      render: (messages: readonly ChatMessage[]) =>
        messages.map(({ role, content }) => `<|endoftext|>${role}: ${content}`).join('\n'),
    });
    const [prompt] = promptsFor(bytes, { ...wishes, prompt: '速さ', system: '短く', chat });
    expect(prompt?.text).toBe('<|endoftext|>system: 短く\n<|endoftext|>user: 速さ');
    expect(prompt?.ids.filter((id) => id === 0)).toHaveLength(2);
    const silent = present({
      ...testTokenizer('byte-level-bpe'),
      readsSpecialTokens: false,
      kind: 'SentencePiece (BPE)',
    });
    for (const [given, wish, message] of [
      [bytes, { chat: missing(same('/m has none')) }, '--chat: /m has none'],
      [
        { ...bytes, tokenizer: silent },
        { chat },
        '--chat needs a tokenizer.json or byte-level merges: SentencePiece (BPE) does not',
      ],
    ] as const) {
      expect(() => promptsFor(given, { ...wishes, prompt: 'x', ...wish })).toThrow(message);
    }
    expect(thrown(() => promptsFor(bytes, { ...wishes, chat }))).toMatchObject({
      problems: [{ path: '--chat', message: 'needs --prompt TEXT' }],
    });
    expect(thrown(() => promptsFor(bytes, { ...wishes, prompt: 'x', system: 's' }))).toMatchObject({
      problems: [{ path: '--system', message: 'needs --chat' }],
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

const GREEDY = { temperature: 0, topK: 0, topP: 1, seed: 3 };

describe('generateTask', () => {
  const task = (naturalStop: boolean, given = model) =>
    generateTask(
      simDeclaration,
      given,
      { precision: 'fp32', options: {}, threads: 2, outputTokens: 4, naturalStop, ...GREEDY },
      [{ ids: [1, 2] }, { ids: [3, 4] }],
    );

  const sampled = (change: Partial<typeof GREEDY>, declaration = simDeclaration) =>
    generateTask(
      declaration,
      model,
      {
        precision: 'fp32',
        options: {},
        threads: 2,
        outputTokens: 4,
        naturalStop: false,
        ...GREEDY,
        ...change,
      },
      [{ ids: [1, 2] }],
    );

  it('draws tokens where a temperature is given, by the seed', () => {
    expect(task(false).request.sampling).toBeUndefined();
    const { cell, request } = sampled({ temperature: 0.8, topK: 40 });
    expect(cell).toMatchObject({ temperature: 0.8, topK: 40, topP: 1, samplingSeed: 3 });
    expect(request.sampling).toEqual({ temperature: 0.8, topK: 40, topP: 1, seed: 3 });
  });

  it('refuses settings of sampling without a temperature, and engines that cannot draw', () => {
    expect(thrown(() => sampled({ topK: 5, topP: 0.5 }))).toMatchObject({
      problems: [{ path: '--top-k' }, { path: '--top-p' }],
    });
    const { sampling: _, ...capabilities } = simDeclaration.capabilities;
    expect(thrown(() => sampled({ temperature: 1 }, { ...simDeclaration, capabilities }))).toMatchObject({
      code: 'generate/unsupported',
      hint: 'use --engine onnxruntime or --engine llama-cpp',
    });
  });

  it('makes a static batch with the model’s own end of text', () => {
    const { cell, request } = task(true);
    expect(cell).toMatchObject({ inputTokens: 2, outputTokens: 4, batch: 2, slots: 2, stop: 'natural' });
    expect(request).toMatchObject({ outputTokens: [4, 4], stopTokens: [1] });
    expect(task(true, { ...model, endOfTextTokens: [1, 2] }).request.stopTokens).toEqual([1, 2]);
    expect(task(false).request.stopTokens).toEqual([]);
  });

  it('cannot stop where nothing ends a text', () => {
    expect(thrown(() => task(true, { ...model, endOfTextTokens: [] }))).toMatchObject({
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
  const prompts = [{ ids: [1, 2] }, { ids: [3, 4], text: '速さ' }];
  const { cell } = generateTask(
    simDeclaration,
    model,
    { precision: 'fp32', options: {}, threads: 2, outputTokens: 3, naturalStop: true, ...GREEDY },
    prompts,
  );
  const precision = { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' };
  const generation = {
    loaded: { effective: { precision, threads: 2, settings: {} }, stages: [], cacheBytesWritten: 0 },
    load_ms: 50,
    sample,
  };

  it('has TTFT and TPOT of each sequence, and why one is missing', () => {
    const outcome = generateOutcome(model, cell, prompts, generation);
    expect(outcome.throughput_tokensPerSecond).toEqual(present(100));
    expect(outcome.sequences).toMatchObject([
      { inputTokens: 2, tokens: [5, 6, 7], finish: 'length', ttft_ms: present(20), tpot_ms: present(10) },
      {
        inputTokens: 2,
        prompt: '速さ',
        tokens: [1],
        finish: 'stop',
        ttft_ms: present(20),
        tpot_ms: { kind: 'missing', reason: { en: 'a single token' } },
      },
    ]);
  });

  const tokenizer = present(fakeTokenizer({ decode: (ids) => ids.join('-') }));

  it('calls synthetic weights synthetic, and one generation a look', () => {
    const outcome = generateOutcome({ ...model, tokenizer }, cell, prompts, generation);
    expect(`${settingText(outcome, sayEnglish)}\n${figuresText(outcome, undefined, sayEnglish)}`).toBe(
      `m, weights synthetic (shape of tiny, seed 0); sim fp32, 2 threads
effective precision: weights float32, activations float32, KV cache float32, compute float32
loaded in 0.05 s

sequence 1: 2 tokens in, 3 out (length reached), TTFT 20 ms, TPOT 10 ms
tokens: 5 6 7
text: 5-6-7

sequence 2: 2 tokens in, 1 out (end of text), TTFT 20 ms, TPOT - (a single token)
prompt: 速さ
tokens: 1
text: 1

throughput 100 tokens/s, 150 characters/s
One generation after one warm-up: a look, not a measurement. hayasa run repeats it in several launches and gives intervals.`,
    );
  });

  it('shows a watched text once, and says when the figures belong to another one', () => {
    const [first] = sample.sequences;
    const alone = { ...generation, sample: { ...sample, sequences: [first!] } };
    const outcome = generateOutcome({ ...model, tokenizer }, cell, prompts, alone);
    expect(figuresText(outcome, '5-6-7', sayEnglish)).not.toContain('text: ');
    expect(figuresText(outcome, '5-6-8', sayEnglish)).toContain(
      'text: 5-6-7\nThe second generation wrote another text than the first',
    );
  });
});

describe('watchText', () => {
  it('shows whole characters as their tokens come', () => {
    const tokenizer = testTokenizer('byte-level-bpe');
    const terminal = testTerminal();
    const watch = watchText(terminal, tokenizer, '速さ');
    const tokens = tokenizer.encode('は😀');
    for (const token of [...tokens, 0]) watch.onTokens([[0, token]]);
    watch.close();
    expect(terminal.output.join('')).toBe('\nprompt: 速さtext: は😀\n');
    expect(watch.text()).toBe('は😀');
  });
});
