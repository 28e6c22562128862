/**
 * Parts that the relatives of Llama share: names of tensors, linear layers, RMS norms, grouped-query attention, a gated
 * MLP, and llama.cpp's keys. Each architecture's own file puts them together.
 */
import { HayasaError } from '../../kernel/errors.ts';
import type { Words } from '../../kernel/language.ts';
import type {
  AttentionBlock,
  DecoderBlock,
  GatedMlp,
  Linear,
  ModelDescription,
  RmsNorm,
} from '../description.ts';
import { asWritten, type GgufFacts } from '../gguf/facts.ts';
import type { GgufValue } from '../gguf/format.ts';
import type { Rotary } from '../rotary.ts';
import type { ModelShape } from '../shape.ts';

/** Rotary tables that older versions of transformers saved beside the weights. */
export const isRotaryBuffer = (tensorName: string): boolean => /\.rotary_emb\.inv_freq$/.test(tensorName);

/** The prefix of layer `index`. */
export const layerName = (index: number): string => `model.layers.${index}`;

export const linear = (
  name: string,
  outFeatures: number,
  inFeatures: number,
  bias: boolean | undefined = false,
): Linear => ({
  kind: 'linear',
  weight: `${name}.weight`,
  bias: bias ? `${name}.bias` : undefined,
  outFeatures,
  inFeatures,
});

/** `offset` 1 where the file holds the weight's distance from one. */
export const rmsNorm = (name: string, size: number, epsilon: number, offset: 0 | 1 = 0): RmsNorm => ({
  kind: 'rms-norm',
  weight: `${name}.weight`,
  size,
  epsilon,
  offset,
});

export interface AttentionExtras {
  /** Norms over each head of queries and keys, called q_norm and k_norm. */
  readonly headNorms: 'none' | { readonly offset: 0 | 1 };
}

/** Grouped-query attention; what biases, window, scale and rotary positions are is in the shape. */
export function attention(
  shape: ModelShape,
  index: number,
  { headNorms }: AttentionExtras = { headNorms: 'none' },
): AttentionBlock {
  const { hiddenSize, headCount, kvHeadCount, headSize, biases, window, normEpsilon } = shape;
  const prefix = `${layerName(index)}.self_attn`;
  const isWindowed = window?.layers.includes(index) === true;
  const headNorm = (name: string, offset: 0 | 1): RmsNorm =>
    rmsNorm(`${prefix}.${name}`, headSize, normEpsilon, offset);
  return {
    projection: {
      kind: 'separate-qkv',
      query: linear(`${prefix}.q_proj`, headCount * headSize, hiddenSize, biases?.qkv),
      key: linear(`${prefix}.k_proj`, kvHeadCount * headSize, hiddenSize, biases?.qkv),
      value: linear(`${prefix}.v_proj`, kvHeadCount * headSize, hiddenSize, biases?.qkv),
      headNorms:
        headNorms === 'none'
          ? undefined
          : { query: headNorm('q_norm', headNorms.offset), key: headNorm('k_norm', headNorms.offset) },
    },
    output: linear(`${prefix}.o_proj`, hiddenSize, headCount * headSize, biases?.output),
    headCount,
    kvHeadCount,
    headSize,
    scale: 1 / Math.sqrt(shape.queryScale ?? headSize),
    rotary: rotaryOf(shape, isWindowed),
    window: isWindowed ? window.tokens : undefined,
  };
}

function rotaryOf({ rotary, window }: ModelShape, isWindowed: boolean): Rotary {
  const base = window?.rotaryBase;
  return isWindowed && base !== undefined ? { dimensions: rotary.dimensions, base } : rotary;
}

/** gate_proj, up_proj, down_proj. */
export function gatedMlp(shape: ModelShape, index: number): GatedMlp {
  const { hiddenSize, feedForwardSize, activation, biases } = shape;
  const prefix = `${layerName(index)}.mlp`;
  return {
    kind: 'gated',
    gate: linear(`${prefix}.gate_proj`, feedForwardSize, hiddenSize, biases?.mlp),
    up: linear(`${prefix}.up_proj`, feedForwardSize, hiddenSize, biases?.mlp),
    activation,
    down: linear(`${prefix}.down_proj`, hiddenSize, feedForwardSize, biases?.mlp),
  };
}

/** Embedding and head, called embed_tokens and lm_head; a tied head is the embedding. */
export function ends(
  { vocabularySize, hiddenSize, tiedEmbeddings }: ModelShape,
  scale: number | undefined = undefined,
): Pick<ModelDescription, 'embedding' | 'head'> {
  const weight = 'model.embed_tokens.weight';
  const head = linear('lm_head', vocabularySize, hiddenSize);
  return {
    embedding: { weight, rows: vocabularySize, columns: hiddenSize, scale },
    head: tiedEmbeddings ? { ...head, weight } : head,
  };
}

/** Llama's decoder: a norm before attention and one before the MLP, added one after the other. */
export function preNormDecoder(shape: ModelShape, extras?: AttentionExtras): ModelDescription {
  const { hiddenSize, layerCount, normEpsilon } = shape;
  const block = (index: number): DecoderBlock => ({
    index,
    attentionNorm: rmsNorm(`${layerName(index)}.input_layernorm`, hiddenSize, normEpsilon),
    attention: attention(shape, index, extras),
    outputNorms: undefined,
    mlpNorm: rmsNorm(`${layerName(index)}.post_attention_layernorm`, hiddenSize, normEpsilon),
    mlp: gatedMlp(shape, index),
    residual: 'sequential',
  });
  return {
    shape,
    ...ends(shape),
    blocks: Array.from({ length: layerCount }, (_, index) => block(index)),
    finalNorm: rmsNorm('model.norm', hiddenSize, normEpsilon),
  };
}

const uint32 = (value: number): GgufValue => ({ kind: 'uint32', value });
const float32 = (value: number): GgufValue => ({ kind: 'float32', value });

/** llama.cpp's keys of grouped queries, norms and rotary scaling. llama3's ramp is a tensor of its own instead. */
export function familyMetadata(shape: ModelShape): (readonly [string, GgufValue])[] {
  const { scaling } = shape.rotary;
  return [
    ['attention.head_count_kv', uint32(shape.kvHeadCount)],
    ['attention.key_length', uint32(shape.headSize)],
    ['attention.value_length', uint32(shape.headSize)],
    ['attention.layer_norm_rms_epsilon', float32(shape.normEpsilon)],
    ...(scaling?.kind === 'linear' || scaling?.kind === 'yarn'
      ? [
          ['rope.scaling.type', { kind: 'string', value: scaling.kind }] as const,
          ['rope.scaling.factor', float32(scaling.factor)] as const,
        ]
      : []),
    ...(scaling?.kind === 'yarn'
      ? [['rope.scaling.original_context_length', uint32(scaling.originalPositions)] as const]
      : []),
  ];
}

/**
 * config.json of a file, all but `model_type` and the activation.
 * @throws HayasaError `gguf/rope-factors` where frequencies are scaled by a tensor: no config key says by which formula;
 *   `gguf/experts` for a mixture of experts
 */
export function familyConfig(facts: GgufFacts): Readonly<Record<string, unknown>> {
  if (facts.has('rope_freqs.weight')) {
    throw new HayasaError({
      code: 'gguf/rope-factors',
      message: {
        en: 'rope_freqs.weight scales the rotary positions by factors that no key of config.json can hold',
        ja: 'rope_freqs.weight による RoPE のスケーリング係数は、config.json のどのキーでも表せません',
      },
      hint: {
        en: 'llama-cpp runs the file as it is; take config.json and weights from the model itself',
        ja: 'llama-cpp ならこのファイルをそのまま動かせます。または元のモデルの config.json と重みを使ってください',
      },
    });
  }
  const number = facts.number;
  if ((number('expert_count') ?? 0) > 0) {
    throw new HayasaError({
      code: 'gguf/experts',
      message: {
        en: 'the file is a mixture of experts, which Hayasa does not describe',
        ja: 'このファイルは Mixture of Experts で、Hayasa は対応していません',
      },
      hint: { en: 'llama-cpp runs the file as it is', ja: 'llama-cpp ならこのファイルをそのまま動かせます' },
    });
  }
  const scaling = facts.text('rope.scaling.type');
  const heads = number('attention.head_count');
  const [dimensions, headSize] = [number('rope.dimension_count'), number('attention.key_length')];
  return {
    hidden_size: number('embedding_length'),
    num_hidden_layers: number('block_count'),
    num_attention_heads: heads,
    num_key_value_heads: number('attention.head_count_kv') ?? heads,
    head_dim: headSize,
    intermediate_size: number('feed_forward_length'),
    vocab_size: facts.vocabularySize,
    max_position_embeddings: number('context_length'),
    rms_norm_eps: asWritten(number('attention.layer_norm_rms_epsilon')),
    rope_theta: number('rope.freq_base') ?? 10_000,
    rope_scaling:
      scaling === undefined || scaling === 'none'
        ? null
        : {
            rope_type: scaling,
            factor: asWritten(number('rope.scaling.factor')),
            original_max_position_embeddings: number('rope.scaling.original_context_length'),
          },
    ...(dimensions !== undefined && headSize !== undefined && dimensions !== headSize
      ? { partial_rotary_factor: dimensions / headSize }
      : {}),
    tie_word_embeddings: !facts.has('output.weight'),
    bos_token_id: facts.bosTokenId,
    eos_token_id: facts.eosTokenIds,
  };
}

/** What llama.cpp does not compute as the config says, for architectures without a window of their own there. */
export function familyProblem(shape: ModelShape): Words | undefined {
  const { activation, rotary, window, maximumPositions } = shape;
  if (activation !== 'silu')
    return {
      en: `llama.cpp computes ${shape.architecture} with silu, not ${activation}`,
      ja: `llama.cpp は ${shape.architecture} を ${activation} ではなく silu で計算します`,
    };
  if (window !== undefined && window.tokens < maximumPositions) {
    return {
      en: `llama.cpp has no sliding window for ${shape.architecture}: the model's is ${window.tokens} tokens`,
      ja: `llama.cpp の ${shape.architecture} に sliding window はありません: モデルの窓は ${window.tokens} トークンです`,
    };
  }
  return yarnProblem(rotary);
}

function yarnProblem({ scaling }: Rotary): Words | undefined {
  if (scaling?.kind !== 'yarn') return undefined;
  const { betaFast, betaSlow, factor, attentionFactor, truncate } = scaling;
  const usual = Math.abs(attentionFactor - (0.1 * Math.log(factor) + 1)) < 1e-6;
  return betaFast === 32 && betaSlow === 1 && truncate && usual
    ? undefined
    : {
        en: 'llama.cpp computes yarn with its usual ramp and attention factor only',
        ja: 'llama.cpp が計算する yarn は、通常の傾斜と attention の係数のものだけです',
      };
}
