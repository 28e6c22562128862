import { describe, expect, it } from 'vitest';
import { HayasaError, ProblemsError } from '../../kernel/errors.ts';
import { tensorSpecs } from '../description.ts';
import { PRESETS, presetOf } from '../presets.ts';
import { gptNeox } from './gpt-neox.ts';
import { architectureOf } from './registry.ts';

const classic = gptNeox.writeConfig(presetOf('open-calm-small').shape);

function problemsOfConfig(config: unknown): string[] {
  try {
    gptNeox.parseConfig(config);
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems.map((problem) => problem.path).sort();
    throw error;
  }
  return [];
}

describe('the config of GPT-NeoX', () => {
  const presets = PRESETS.filter(({ shape }) => shape.architecture === 'gpt-neox');
  it.each(presets.map((preset) => [preset.id, preset.shape] as const))('round-trips %s', (_, shape) => {
    expect(gptNeox.parseConfig(gptNeox.writeConfig(shape))).toEqual(shape);
  });

  it('takes the defaults of transformers for keys that files leave out', () => {
    const { hidden_act, layer_norm_eps, rotary_pct, rotary_emb_base, use_parallel_residual, ...rest } =
      classic;
    expect([hidden_act, layer_norm_eps, rotary_pct, rotary_emb_base, use_parallel_residual]).toHaveLength(5);
    expect(gptNeox.parseConfig(rest)).toMatchObject({
      activation: 'gelu-erf',
      normEpsilon: 1e-5,
      rotary: { dimensions: 16, base: 10000 },
      residual: 'parallel',
      tiedEmbeddings: false,
    });
  });

  it('reads the rotary keys of transformers 5', () => {
    const rest = { ...classic, rotary_pct: null, rotary_emb_base: null };
    const rope_parameters = { rope_type: 'default', rope_theta: 5000, partial_rotary_factor: 0.5 };
    expect(gptNeox.parseConfig({ ...rest, rope_parameters }).rotary).toEqual({ dimensions: 32, base: 5000 });
  });

  it('reports contradicting rotary keys', () => {
    expect(problemsOfConfig({ ...classic, rope_parameters: { partial_rotary_factor: 0.5 } })).toEqual([
      'rotary_pct',
    ]);
  });

  it('reports every problem at once', () => {
    const wrong = {
      ...classic,
      hidden_size: -1,
      num_hidden_layers: 0,
      vocab_size: '52096',
      hidden_act: 'relu',
      use_parallel_residual: 'no',
      rope_scaling: { type: 'linear', factor: 2 },
      attention_bias: false,
      intermediate_size: undefined,
    };
    expect(problemsOfConfig(wrong)).toEqual([
      'attention_bias',
      'hidden_act',
      'hidden_size',
      'intermediate_size',
      'num_hidden_layers',
      'rope_scaling',
      'use_parallel_residual',
      'vocab_size',
    ]);
  });

  it('refuses heads that do not divide the hidden size, odd rotations, and tokens outside the vocabulary', () => {
    expect(problemsOfConfig({ ...classic, num_attention_heads: 7 })).toEqual(['hidden_size']);
    expect(problemsOfConfig({ ...classic, rotary_pct: 0.05 })).toEqual(['rotary_pct']);
    expect(problemsOfConfig({ ...classic, eos_token_id: 52096 })).toEqual(['eos_token_id']);
  });

  it.each([null, 1, 'x', [], {}])('refuses %j as a whole', (config) => {
    expect(problemsOfConfig(config).length).toBeGreaterThan(0);
  });
});

describe('the description of GPT-NeoX', () => {
  it('skips buffers by name and nothing else', () => {
    for (const name of ['attention.bias', 'attention.masked_bias', 'attention.rotary_emb.inv_freq']) {
      expect(gptNeox.isBuffer(`gpt_neox.layers.11.${name}`)).toBe(true);
    }
    for (const spec of tensorSpecs(gptNeox.describe(presetOf('tiny').shape))) {
      expect(gptNeox.isBuffer(spec.name)).toBe(false);
    }
  });

  it('names the head as files do, and shares it when tied', () => {
    const { shape } = presetOf('tiny');
    expect(tensorSpecs(gptNeox.describe(shape)).at(-1)).toEqual({
      name: 'embed_out.weight',
      dimensions: [512, 64],
      role: 'linear-weight',
    });
    const tied = tensorSpecs(gptNeox.describe({ ...shape, tiedEmbeddings: true }));
    expect(tied.map((spec) => spec.name)).not.toContain('embed_out.weight');
  });
});

describe('the registry of architectures', () => {
  it('finds by model_type and suggests the nearest', () => {
    expect(architectureOf(classic)).toBe(gptNeox);
    expect(() => architectureOf({ model_type: 'gpt_neo' })).toThrow(HayasaError);
    try {
      architectureOf({ model_type: 'gpt-neox' });
    } catch (error) {
      expect((error as HayasaError).hint).toMatch(/did you mean gpt_neox\?/);
    }
    expect(() => architectureOf(null)).toThrow(/model_type is missing/);
  });

  it('suggests nothing for another name: mamba was taken for a misspelt llama', () => {
    const hintOf = (model_type: string): string => {
      try {
        architectureOf({ model_type });
      } catch (error) {
        if (error instanceof HayasaError) return error.hint ?? '';
      }
      return '';
    };
    expect(hintOf('mamba')).toMatch(/^known: gpt_neox/);
    expect(hintOf('lama')).toMatch(/^did you mean llama\?/);
  });
});
