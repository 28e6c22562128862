/** config.json of the relatives of Llama: read, written, refused; and descriptions that fit the real tensors. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { realHost } from '../../host/real-host.ts';
import { ProblemsError } from '../../kernel/errors.ts';
import { openCheckpoint } from '../checkpoint/open.ts';
import { parameterCount, weightBytes } from '../counts.ts';
import { tensorSpecs } from '../description.ts';
import { precisionKind } from '../precision.ts';
import { PRESETS, presetOf } from '../presets.ts';
import { architectureById, architectureOf, describeShape } from './registry.ts';

const MODELS = fileURLToPath(new URL('../../../test/transformers/models', import.meta.url));
const { files } = realHost();
const configOf = (id: string): Record<string, unknown> => {
  const { shape } = presetOf(id);
  return { ...architectureById(shape.architecture).writeConfig(shape) };
};

function problemsOf(config: Record<string, unknown>): string[] {
  try {
    architectureOf(config).parseConfig(config);
  } catch (error) {
    if (error instanceof ProblemsError) {
      return error.problems.map(
        ({ path, message, allowed }) => `${path} ${message}${allowed === undefined ? '' : ` (${allowed})`}`,
      );
    }
    throw error;
  }
  return [];
}

describe('configs', () => {
  it.each(PRESETS.map(({ id }) => id))('the classic keys of %s give the same shape again', (id) => {
    const { shape } = presetOf(id);
    expect(architectureOf(configOf(id)).parseConfig(configOf(id))).toEqual(shape);
  });

  it.each(readdirSync(MODELS))("transformers 5's config of %s survives the classic keys", (name) => {
    const { shape } = openCheckpoint(files, `${MODELS}/${name}`);
    const config = architectureById(shape.architecture).writeConfig(shape);
    expect(architectureOf(config).parseConfig(config)).toEqual(shape);
  });

  it('name every problem at once, with what is allowed', () => {
    const config = {
      ...configOf('sarashina2.2-0.5b'),
      hidden_act: 'relu',
      num_hidden_layers: 0,
      rope_scaling: { rope_type: 'dynamic', factor: 2 },
      vocab_size: undefined,
    };
    const problems = problemsOf(config);
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'num_hidden_layers',
      'vocab_size',
      'rope_scaling.rope_type',
      'hidden_act',
    ]);
    expect(problems[2]).toContain('default, linear, llama3, yarn');
    expect(problems[3]).toContain('silu, swish, gelu, gelu_new, gelu_pytorch_tanh');
  });

  it.each([
    [
      'heads that do not share keys evenly',
      { num_key_value_heads: 5 },
      'num_key_value_heads does not divide',
    ],
    ['a token outside the vocabulary', { eos_token_id: 102_400 }, 'eos_token_id is outside the vocabulary'],
    ['scaling without its numbers', { rope_scaling: { type: 'llama3', factor: 8 } }, 'is missing'],
    [
      'two bases',
      { rope_parameters: { rope_theta: 10, rope_type: 'default' } },
      'rope_theta the classic key and rope_parameters contradict',
    ],
    ['rotation of a part of the head', { partial_rotary_factor: 0.5 }, 'partial_rotary_factor'],
  ])('refuse %s', (_, change, message) => {
    expect(problemsOf({ ...configOf('sarashina2.2-0.5b'), ...change }).join('; ')).toContain(message);
  });

  it.each([
    ['soft-capped logits', { final_logit_softcapping: 30 }, 'final_logit_softcapping'],
    ['attention in both directions', { use_bidirectional_attention: true }, 'use_bidirectional_attention'],
    ['a list of layers that does not fit', { layer_types: ['full_attention'] }, '1 entries for 18 layers'],
    ['sliding layers without a window', { sliding_window: null }, 'is null, but layers slide'],
  ])('of Gemma 3 refuse %s', (_, change, message) => {
    expect(problemsOf({ ...configOf('gemma-3-270m'), ...change }).join('; ')).toContain(message);
  });
});

describe('descriptions', () => {
  it.each([
    // Tensors of the published files (github.com/takahashim/torobi reads them out of their headers).
    ['sarashina2.2-0.5b', 219],
    ['Qwen2.5-0.5B', 290],
    ['gemma-3-270m', 236],
  ])('of %s ask for the %i tensors of the published file', (id, count) => {
    expect(tensorSpecs(describeShape(presetOf(id).shape))).toHaveLength(count);
  });

  it.each([
    // Per layer of sarashina: q, o 1280 x 1280; k, v 640 x 1280; MLP 3 x 4480 x 1280; two norms of 1280.
    [
      'sarashina2.2-0.5b',
      24 * (2 * 1280 ** 2 + 2 * 640 * 1280 + 3 * 4480 * 1280 + 2 * 1280) + 2 * 102_400 * 1280 + 1280,
    ],
    ['Qwen2.5-0.5B', 494_032_768],
    ['Qwen3-0.6B', 596_049_920],
    ['gemma-3-270m', 268_098_176],
    ['SmolLM2-135M', 134_515_008],
    ['TinyLlama-1.1B-Chat-v1.0', 1_100_048_384],
    ['Mistral-7B-v0.3', 7_248_023_552],
  ])('of %s have %i parameters', (id, parameters) => {
    expect(parameterCount(describeShape(presetOf(id).shape))).toBe(parameters);
  });

  it.each(readdirSync(MODELS))('of %s count the bytes of its real tensors', (name) => {
    const { description, tensors } = openCheckpoint(files, `${MODELS}/${name}`);
    const elements = [...tensors.values()].map(({ dimensions }) => dimensions.reduce((a, b) => a * b, 1));
    const total = elements.reduce((a, b) => a + b, 0);
    expect(parameterCount(description)).toBe(total);
    expect(weightBytes(description, precisionKind('fp32').precision)).toBe(4 * total);
  });
});
