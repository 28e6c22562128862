/**
 * GPT-NeoX (Hugging Face `gpt_neox`): LayerNorm, fused QKV with rows [head, (q,k,v), headSize], half-split rotary
 * positions over the first dimensions of each head, a plain GELU MLP, parallel or sequential residual.
 * The head is `embed_out.weight` in files (transformers 5 calls it `lm_head` in memory only).
 */
import type { DecoderBlock, LayerNorm, Linear, ModelDescription } from '../description.ts';
import { asWritten, type GgufFacts } from '../gguf/facts.ts';
import type { ModelShape } from '../shape.ts';
import type { Architecture } from './architecture.ts';
import { parseGptNeoxConfig, writeGptNeoxConfig } from './gpt-neox-config.ts';

/** Causal masks and rotary tables that older versions of transformers saved beside the weights. */
const BUFFER =
  /^(?:gpt_neox\.)?(?:layers\.\d+\.attention\.(?:bias|masked_bias|rotary_emb\.inv_freq)|rotary_emb\.inv_freq)$/;

export const gptNeox: Architecture = {
  modelType: 'gpt_neox',
  id: 'gpt-neox',
  parseConfig: parseGptNeoxConfig,
  writeConfig: writeGptNeoxConfig,
  describe,
  isBuffer: (tensorName) => BUFFER.test(tensorName),
  gguf: {
    name: 'gptneox',
    rotaryOrder: 'half-split',
    tiedHead: 'copied',
    metadata: ({ residual, normEpsilon }) => [
      // Both values give tokens without an error: it must be the config's.
      ['use_parallel_residual', { kind: 'bool', value: residual === 'parallel' }],
      ['attention.layer_norm_epsilon', { kind: 'float32', value: normEpsilon }],
    ],
    config: (facts) => ({
      model_type: 'gpt_neox',
      hidden_size: facts.number('embedding_length'),
      num_hidden_layers: facts.number('block_count'),
      num_attention_heads: facts.number('attention.head_count'),
      intermediate_size: facts.number('feed_forward_length'),
      vocab_size: facts.vocabularySize,
      max_position_embeddings: facts.number('context_length'),
      // llama.cpp computes the tanh form, whatever the checkpoint was trained with.
      hidden_act: 'gelu_new',
      layer_norm_eps: asWritten(facts.number('attention.layer_norm_epsilon')),
      rotary_pct: rotaryShare(facts),
      rotary_emb_base: facts.number('rope.freq_base'),
      use_parallel_residual: facts.flag('use_parallel_residual'),
      tie_word_embeddings: !facts.has('output.weight'),
      bos_token_id: facts.bosTokenId,
      eos_token_id: facts.eosTokenIds,
    }),
    problem: () => undefined,
  },
};

function rotaryShare(facts: GgufFacts): number | undefined {
  const dimensions = facts.number('rope.dimension_count');
  const [hidden, heads] = [facts.number('embedding_length'), facts.number('attention.head_count')];
  return dimensions === undefined || !hidden || !heads ? undefined : (dimensions * heads) / hidden;
}

function describe(shape: ModelShape): ModelDescription {
  const embedding = {
    weight: 'gpt_neox.embed_in.weight',
    rows: shape.vocabularySize,
    columns: shape.hiddenSize,
    scale: undefined,
  };
  return {
    shape,
    embedding,
    blocks: Array.from({ length: shape.layerCount }, (_, index) => block(shape, index)),
    finalNorm: norm('gpt_neox.final_layer_norm', shape),
    head: {
      kind: 'linear',
      weight: shape.tiedEmbeddings ? embedding.weight : 'embed_out.weight',
      bias: undefined,
      outFeatures: shape.vocabularySize,
      inFeatures: shape.hiddenSize,
    },
  };
}

function block(shape: ModelShape, index: number): DecoderBlock {
  const { hiddenSize, feedForwardSize, headCount, kvHeadCount, headSize } = shape;
  const prefix = `gpt_neox.layers.${index}`;
  const attentionSize = headCount * headSize;
  return {
    index,
    attentionNorm: norm(`${prefix}.input_layernorm`, shape),
    attention: {
      projection: {
        kind: 'fused-qkv',
        rows: 'head-qkv-dim',
        linear: linear(`${prefix}.attention.query_key_value`, 3 * attentionSize, hiddenSize),
      },
      output: linear(`${prefix}.attention.dense`, hiddenSize, attentionSize),
      headCount,
      kvHeadCount,
      headSize,
      scale: 1 / Math.sqrt(headSize),
      rotary: shape.rotary,
      window: undefined,
    },
    outputNorms: undefined,
    mlpNorm: norm(`${prefix}.post_attention_layernorm`, shape),
    mlp: {
      kind: 'plain',
      up: linear(`${prefix}.mlp.dense_h_to_4h`, feedForwardSize, hiddenSize),
      activation: shape.activation,
      down: linear(`${prefix}.mlp.dense_4h_to_h`, hiddenSize, feedForwardSize),
    },
    residual: shape.residual,
  };
}

const linear = (name: string, outFeatures: number, inFeatures: number): Linear => ({
  kind: 'linear',
  weight: `${name}.weight`,
  bias: `${name}.bias`,
  outFeatures,
  inFeatures,
});

const norm = (name: string, shape: ModelShape): LayerNorm => ({
  kind: 'layer-norm',
  weight: `${name}.weight`,
  bias: `${name}.bias`,
  size: shape.hiddenSize,
  epsilon: shape.normEpsilon,
});
