/**
 * OPT (Hugging Face `opt`): LayerNorm before attention and MLP, separate projections with biases, positions from a learned
 * table whose first two rows are of no position, ReLU, and a head tied to the embedding. For Python engines and the
 * reference; the embedded engines' graphs have no learned positions.
 * Read: configs of the usual kind. Not read: post-norm (opt-350m), projected embeddings, layers without biases.
 */

import { z } from 'zod';
import { HayasaError, ProblemsError } from '../../kernel/errors.ts';
import type { Words } from '../../kernel/language.ts';
import type { DecoderBlock, LayerNorm, Linear, ModelDescription } from '../description.ts';
import type { ModelShape } from '../shape.ts';
import type { Architecture } from './architecture.ts';
import { size, tokenId } from './config-fields.ts';
import { problemsOf } from './config-problems.ts';

/** OPTLearnedPositionalEmbedding of transformers: position p is row p + 2. */
const POSITION_OFFSET = 2;
/** transformers leaves the epsilon of torch's LayerNorm as it is. */
const NORM_EPSILON = 1e-5;
const NO_LLAMA_CPP: Words = { en: 'llama.cpp has no OPT', ja: 'llama.cpp に OPT はありません' };

const configSchema = z.object({
  model_type: z.literal('opt'),
  hidden_size: size,
  ffn_dim: size,
  num_hidden_layers: size.max(10_000),
  num_attention_heads: size,
  vocab_size: size,
  max_position_embeddings: size,
  word_embed_proj_dim: size.nullish(),
  activation_function: z.literal('relu').default('relu'),
  do_layer_norm_before: z.literal(true).default(true),
  _remove_final_layer_norm: z.literal(false).default(false),
  enable_bias: z.literal(true).default(true),
  layer_norm_elementwise_affine: z.literal(true).default(true),
  tie_word_embeddings: z.literal(true).default(true),
  bos_token_id: tokenId.nullish(),
  eos_token_id: tokenId.nullish(),
});

export const opt: Architecture = {
  modelType: 'opt',
  id: 'opt',
  parseConfig,
  writeConfig: (shape) => ({
    architectures: ['OPTForCausalLM'],
    model_type: 'opt',
    hidden_size: shape.hiddenSize,
    ffn_dim: shape.feedForwardSize,
    num_hidden_layers: shape.layerCount,
    num_attention_heads: shape.headCount,
    vocab_size: shape.vocabularySize,
    max_position_embeddings: shape.maximumPositions,
    word_embed_proj_dim: shape.hiddenSize,
    activation_function: 'relu',
    do_layer_norm_before: true,
    _remove_final_layer_norm: false,
    enable_bias: true,
    layer_norm_elementwise_affine: true,
    tie_word_embeddings: true,
    bos_token_id: shape.bosTokenId ?? null,
    eos_token_id: shape.eosTokenId ?? null,
    pad_token_id: 1,
    dropout: 0,
    attention_dropout: 0,
  }),
  describe,
  isBuffer: () => false,
  gguf: {
    name: 'opt',
    rotaryOrder: 'half-split',
    tiedHead: 'shared',
    metadata: () => {
      throw new HayasaError({ code: 'model/no-gguf', message: NO_LLAMA_CPP });
    },
    config: () => ({}),
    problem: () => NO_LLAMA_CPP,
  },
};

function parseConfig(raw: unknown): ModelShape {
  const parsed = configSchema.safeParse(raw, { reportInput: true });
  if (!parsed.success) throw new ProblemsError('config.json', problemsOf(parsed.error));
  const config = parsed.data;
  const problem = (path: string, message: Words, value: number) =>
    new ProblemsError('config.json', [{ path, message, value: String(value) }]);
  if (config.hidden_size % config.num_attention_heads !== 0) {
    throw problem(
      'hidden_size',
      { en: 'is not a multiple of num_attention_heads', ja: 'num_attention_heads の倍数ではありません' },
      config.hidden_size,
    );
  }
  const projected = config.word_embed_proj_dim ?? config.hidden_size;
  if (projected !== config.hidden_size) {
    throw problem(
      'word_embed_proj_dim',
      {
        en: 'differs from hidden_size: projected embeddings are not read',
        ja: 'hidden_size と違います: 射影された埋め込みは読めません',
      },
      projected,
    );
  }
  return {
    architecture: 'opt',
    hiddenSize: config.hidden_size,
    layerCount: config.num_hidden_layers,
    headCount: config.num_attention_heads,
    kvHeadCount: config.num_attention_heads,
    headSize: config.hidden_size / config.num_attention_heads,
    feedForwardSize: config.ffn_dim,
    vocabularySize: config.vocab_size,
    maximumPositions: config.max_position_embeddings,
    rotary: { dimensions: 0, base: 10000 },
    normEpsilon: NORM_EPSILON,
    residual: 'sequential',
    activation: 'relu',
    tiedEmbeddings: true,
    bosTokenId: config.bos_token_id ?? undefined,
    eosTokenId: config.eos_token_id ?? undefined,
  };
}

function describe(shape: ModelShape): ModelDescription {
  const { vocabularySize, hiddenSize } = shape;
  const weight = 'model.decoder.embed_tokens.weight';
  return {
    shape,
    embedding: { weight, rows: vocabularySize, columns: hiddenSize, scale: undefined },
    positions: {
      weight: 'model.decoder.embed_positions.weight',
      rows: shape.maximumPositions + POSITION_OFFSET,
      columns: hiddenSize,
      offset: POSITION_OFFSET,
    },
    blocks: Array.from({ length: shape.layerCount }, (_, index) => block(shape, index)),
    finalNorm: norm('model.decoder.final_layer_norm', shape),
    head: { kind: 'linear', weight, bias: undefined, outFeatures: vocabularySize, inFeatures: hiddenSize },
  };
}

function block(shape: ModelShape, index: number): DecoderBlock {
  const { hiddenSize, feedForwardSize, headCount, headSize } = shape;
  const prefix = `model.decoder.layers.${index}`;
  const projection = (name: string): Linear =>
    linear(`${prefix}.self_attn.${name}_proj`, hiddenSize, hiddenSize);
  return {
    index,
    attentionNorm: norm(`${prefix}.self_attn_layer_norm`, shape),
    attention: {
      projection: {
        kind: 'separate-qkv',
        query: projection('q'),
        key: projection('k'),
        value: projection('v'),
        headNorms: undefined,
      },
      output: projection('out'),
      headCount,
      kvHeadCount: headCount,
      headSize,
      scale: 1 / Math.sqrt(headSize),
      rotary: shape.rotary,
      window: undefined,
    },
    outputNorms: undefined,
    mlpNorm: norm(`${prefix}.final_layer_norm`, shape),
    mlp: {
      kind: 'plain',
      up: linear(`${prefix}.fc1`, feedForwardSize, hiddenSize),
      activation: 'relu',
      down: linear(`${prefix}.fc2`, hiddenSize, feedForwardSize),
    },
    residual: 'sequential',
  };
}

const linear = (name: string, outFeatures: number, inFeatures: number): Linear => ({
  kind: 'linear',
  weight: `${name}.weight`,
  bias: `${name}.bias`,
  outFeatures,
  inFeatures,
});

const norm = (name: string, { hiddenSize, normEpsilon }: ModelShape): LayerNorm => ({
  kind: 'layer-norm',
  weight: `${name}.weight`,
  bias: `${name}.bias`,
  size: hiddenSize,
  epsilon: normEpsilon,
});
