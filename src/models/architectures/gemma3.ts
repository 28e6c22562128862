/**
 * Gemma 3, text (Hugging Face `gemma3_text`): embeddings scaled by sqrt(hidden size), RMS norms stored as distance from
 * one and set before and behind attention and MLP, norms over each head of queries and keys, GeGLU (tanh form), and a
 * sliding window in most layers, whose rotary positions have a base of their own. Soft-capped logits (Gemma 2) are refused.
 */

import { z } from 'zod';
import type { Problem } from '../../kernel/errors.ts';
import { same, type Words } from '../../kernel/language.ts';
import type { DecoderBlock, ModelDescription } from '../description.ts';
import type { ModelShape } from '../shape.ts';
import type { Architecture } from './architecture.ts';
import { size } from './config-fields.ts';
import {
  attention,
  ends,
  familyConfig,
  familyMetadata,
  gatedMlp,
  isRotaryBuffer,
  layerName,
  rmsNorm,
} from './llama-family.ts';
import {
  ACTIVATION_NAMES,
  ACTIVATIONS,
  activationField,
  commonFields,
  commonShape,
  headSizeOf,
  parseFamily,
  writeCommon,
} from './llama-family-config.ts';
import { ropeProblems, ropeSchema, rotaryOf } from './rope-config.ts';
import { layerTypes, layerTypesOf, slidingLayers } from './window-config.ts';

const GLOBAL_BASE = 1_000_000;
const LOCAL_BASE = 10_000;
/** llama.cpp has this pattern built in: every sixth layer sees everything. */
const PATTERN = 6;

const configSchema = z.object({
  ...commonFields,
  model_type: z.literal('gemma3_text'),
  head_dim: size.default(256),
  hidden_activation: activationField.default('gelu_pytorch_tanh'),
  tie_word_embeddings: z.boolean().default(true),
  attention_bias: z.boolean().default(false),
  query_pre_attn_scalar: z.number().positive().default(256),
  sliding_window: size.nullable().default(4096),
  sliding_window_pattern: size.default(PATTERN),
  layer_types: layerTypes.nullish(),
  rope_theta: z.number().positive().nullish(),
  rope_local_base_freq: z.number().positive().nullish(),
  rope_scaling: ropeSchema.nullish(),
  rope_parameters: z
    .object({ full_attention: ropeSchema.nullish(), sliding_attention: ropeSchema.nullish() })
    .nullish(),
  attn_logit_softcapping: z.null().optional(),
  final_logit_softcapping: z.null().optional(),
  use_bidirectional_attention: z.literal(false).nullish(),
});
type Config = z.infer<typeof configSchema>;

export const gemma3: Architecture = {
  modelType: 'gemma3_text',
  id: 'gemma3',
  parseConfig,
  writeConfig: (shape) => ({
    ...writeCommon(shape, 'gemma3_text', 'Gemma3ForCausalLM'),
    hidden_activation: ACTIVATION_NAMES[shape.activation],
    attention_bias: shape.biases?.qkv ?? false,
    query_pre_attn_scalar: shape.queryScale ?? shape.headSize,
    sliding_window: shape.window?.tokens ?? null,
    layer_types: layerTypesOf(shape.layerCount, shape.window),
    rope_local_base_freq: shape.window?.rotaryBase ?? LOCAL_BASE,
  }),
  describe,
  isBuffer: isRotaryBuffer,
  gguf: {
    name: 'gemma3',
    rotaryOrder: 'half-split',
    tiedHead: 'shared',
    metadata: (shape) => [
      ...familyMetadata(shape),
      ...(shape.window === undefined
        ? []
        : [['attention.sliding_window', { kind: 'uint32', value: shape.window.tokens }] as const]),
    ],
    config: (facts) => ({
      ...familyConfig(facts),
      model_type: 'gemma3_text',
      query_pre_attn_scalar: facts.number('attention.key_length'),
      sliding_window: facts.number('attention.sliding_window'),
      sliding_window_pattern: PATTERN,
      rope_local_base_freq: LOCAL_BASE,
    }),
    problem: ggufProblem,
  },
};

function parseConfig(raw: unknown): ModelShape {
  const config = parseFamily(configSchema, raw, problems);
  const tokens = config.sliding_window;
  const layers = slidingLayers(typesOf(config));
  const { full_attention: full, sliding_attention: sliding } = config.rope_parameters ?? {};
  const headSize = headSizeOf(config);
  const rotaryBase = sliding?.rope_theta ?? config.rope_local_base_freq ?? LOCAL_BASE;
  return {
    architecture: 'gemma3',
    ...commonShape(config),
    rotary: rotaryOf(headSize, GLOBAL_BASE, config.max_position_embeddings, [
      full,
      { rope_theta: config.rope_theta },
      config.rope_scaling,
    ]),
    activation: ACTIVATIONS[config.hidden_activation],
    ...(config.attention_bias ? { biases: { qkv: true, output: true, mlp: false } } : {}),
    ...(tokens === null || layers.length === 0 ? {} : { window: { tokens, layers, rotaryBase } }),
    ...(config.query_pre_attn_scalar === headSize ? {} : { queryScale: config.query_pre_attn_scalar }),
  };
}

const typesOf = ({ layer_types, num_hidden_layers, sliding_window_pattern }: Config): readonly string[] =>
  layer_types ??
  Array.from({ length: num_hidden_layers }, (_, index) =>
    (index + 1) % sliding_window_pattern === 0 ? 'full_attention' : 'sliding_attention',
  );

function problems(config: Config): Problem[] {
  const found = ropeProblems([
    config.rope_parameters?.full_attention,
    { rope_theta: config.rope_theta },
    config.rope_scaling,
  ]);
  const local = config.rope_parameters?.sliding_attention;
  const kind = local?.rope_type ?? local?.type ?? 'default';
  if (kind !== 'default') {
    found.push({
      path: 'rope_parameters.sliding_attention.rope_type',
      message: {
        en: 'layers with a window are not scaled',
        ja: 'ウィンドウのある層はスケーリングできません',
      },
      value: kind,
      allowed: same('default'),
    });
  }
  const types = typesOf(config);
  if (types.length !== config.num_hidden_layers) {
    found.push({
      path: 'layer_types',
      message: {
        en: `has ${types.length} entries for ${config.num_hidden_layers} layers`,
        ja: `${config.num_hidden_layers} 層に対して ${types.length} 個の要素があります`,
      },
    });
  }
  if (config.sliding_window === null && types.includes('sliding_attention')) {
    found.push({
      path: 'sliding_window',
      message: { en: 'is null, but layers slide', ja: 'null ですが、スライディングウィンドウの層があります' },
    });
  }
  return found;
}

function describe(shape: ModelShape): ModelDescription {
  return {
    shape,
    // The product of float32 values, as transformers computes it.
    ...ends(shape, Math.fround(Math.sqrt(shape.hiddenSize))),
    blocks: Array.from({ length: shape.layerCount }, (_, index) => block(shape, index)),
    finalNorm: rmsNorm('model.norm', shape.hiddenSize, shape.normEpsilon, 1),
  };
}

function block(shape: ModelShape, index: number): DecoderBlock {
  const norm = (name: string) =>
    rmsNorm(`${layerName(index)}.${name}`, shape.hiddenSize, shape.normEpsilon, 1);
  return {
    index,
    attentionNorm: norm('input_layernorm'),
    attention: attention(shape, index, { headNorms: { offset: 1 } }),
    outputNorms: {
      attention: norm('post_attention_layernorm'),
      mlp: norm('post_feedforward_layernorm'),
    },
    mlpNorm: norm('pre_feedforward_layernorm'),
    mlp: gatedMlp(shape, index),
    residual: 'sequential',
  };
}

function ggufProblem(shape: ModelShape): Words | undefined {
  const { layerCount, window, queryScale, biases, activation, rotary } = shape;
  const built = Array.from({ length: layerCount }, (_, index) => index).filter(
    (index) => (index + 1) % PATTERN !== 0,
  );
  if (window?.layers.join() !== built.join()) {
    return {
      en: `llama.cpp slides in all but every ${PATTERN}th layer of gemma3, the model elsewhere`,
      ja: `llama.cpp の gemma3 は ${PATTERN} 層ごとの 1 層を除いて窓を使い、モデルの窓は別の層にあります`,
    };
  }
  if (window.rotaryBase !== LOCAL_BASE) {
    return {
      en: `llama.cpp rotates windows of gemma3 with base ${LOCAL_BASE}, the model with ${window.rotaryBase ?? rotary.base}`,
      ja: `llama.cpp は gemma3 の窓を基数 ${LOCAL_BASE} で回転し、モデルの基数は ${window.rotaryBase ?? rotary.base} です`,
    };
  }
  if (queryScale !== undefined)
    return {
      en: `llama.cpp scales by the head size, the model by ${queryScale}`,
      ja: `llama.cpp の縮尺はヘッドの大きさにより、モデルの縮尺は ${queryScale} です`,
    };
  if (biases !== undefined)
    return {
      en: 'llama.cpp has no attention biases for gemma3',
      ja: 'llama.cpp の gemma3 には attention のバイアスがありません',
    };
  if (activation !== 'gelu-tanh')
    return {
      en: `llama.cpp computes gemma3 with gelu-tanh, not ${activation}`,
      ja: `llama.cpp は gemma3 を ${activation} ではなく gelu-tanh で計算します`,
    };
  return rotary.scaling === undefined || rotary.scaling.kind === 'linear'
    ? undefined
    : {
        en: `llama.cpp has no ${rotary.scaling.kind} for gemma3`,
        ja: `llama.cpp の gemma3 に ${rotary.scaling.kind} はありません`,
      };
}
