import { describe, expect, it } from 'vitest';
import { ProblemsError } from '../../kernel/errors.ts';
import { parameterCount, stepCost } from '../counts.ts';
import { writeModelGraph } from '../onnx/model-graph.ts';
import { presetOf } from '../presets.ts';
import { opt } from './opt.ts';

const { shape } = presetOf('opt-125m');
const config = opt.writeConfig(shape);
const float32 = {
  weights: 'float32',
  activations: 'float32',
  kvCache: 'float32',
  compute: 'float32',
} as const;

describe('OPT', () => {
  it('has the parameters of the published opt-125m', () => {
    expect(parameterCount(opt.describe(shape))).toBe(125_239_296);
  });

  it('reads one row of the position table for each token of a step', () => {
    const step = { precision: float32, batch: 3, newTokensPerSequence: 1, contextTokens: 0 };
    const { weightBytes } = stepCost({ ...step, description: opt.describe(shape) });
    const withoutTable = parameterCount(opt.describe(shape)) - 2050 * 768;
    expect(weightBytes).toBe(4 * (withoutTable + 3 * 2 * 768));
  });

  it('writes the config that it reads', () => {
    expect(opt.parseConfig(config)).toEqual(shape);
  });

  it.each([
    ['a post-norm model (opt-350m)', { do_layer_norm_before: false }],
    ['projected embeddings', { word_embed_proj_dim: 512 }],
    ['another activation', { activation_function: 'gelu' }],
    ['heads that do not divide it', { num_attention_heads: 7 }],
  ])('refuses %s', (_what, change) => {
    expect(() => opt.parseConfig({ ...config, ...change })).toThrow(ProblemsError);
  });

  it('is refused by the embedded engines with the way out', () => {
    const variant = { linear: { kind: 'float' } } as never;
    expect(() => writeModelGraph(opt.describe(shape), new Map(), variant)).toThrow(
      'opt: graphs with learned positions are not written',
    );
    expect(opt.gguf.problem(shape)).toMatchObject({ en: 'llama.cpp has no OPT' });
  });
});
