/**
 * config.json of the relatives of Llama, read and written. Sizes are never guessed; keys that files leave out have the
 * defaults of transformers' configs. Rotary positions are read from the classic keys (`rope_theta`, `rope_scaling`) and
 * from those of transformers 5 (`rope_parameters`); the classic ones are written, which every version reads.
 */
import { z } from 'zod';
import { type Problem, ProblemsError } from '../../kernel/errors.ts';
import { endOfText, endOfTextConfig } from '../end-of-text.ts';
import type { Activation, ModelShape } from '../shape.ts';
import { size, tokenId } from './config-fields.ts';
import { problemsOf } from './config-problems.ts';
import { ropeFields, ropeProblems, rotaryOf, scalingConfig } from './rope-config.ts';

/** transformers' names of activations. */
export const ACTIVATIONS = {
  silu: 'silu',
  swish: 'silu',
  gelu: 'gelu-erf',
  gelu_new: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
} as const satisfies Record<string, Activation>;

export const activationField = z.enum(Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[]);
export const ACTIVATION_NAMES: Readonly<Record<Activation, string>> = {
  silu: 'silu',
  relu: 'relu',
  'gelu-erf': 'gelu',
  'gelu-tanh': 'gelu_pytorch_tanh',
};

/** Keys that every family has. */
export const commonFields = {
  hidden_size: size,
  num_hidden_layers: size.max(10_000),
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  intermediate_size: size,
  vocab_size: size,
  max_position_embeddings: size,
  rms_norm_eps: z.number().positive().default(1e-6),
  bos_token_id: tokenId.nullish(),
  eos_token_id: z.union([tokenId, z.array(tokenId).min(1)]).nullish(),
};

/** Keys of rotary positions where all layers share them. */
export const sharedRopeFields = { rope_theta: z.number().positive().nullish(), ...ropeFields };

const commonSchema = z.object({ ...commonFields, tie_word_embeddings: z.boolean() });
export type CommonConfig = z.infer<typeof commonSchema>;
type RopeConfig = z.infer<z.ZodObject<typeof sharedRopeFields>>;

/** `config` by `schema`, and what `contradictions` finds in it. @throws ProblemsError with every problem at once */
export function parseFamily<T extends CommonConfig>(
  schema: z.ZodType<T>,
  config: unknown,
  contradictions: (config: T) => readonly Problem[],
): T {
  const parsed = schema.safeParse(config, { reportInput: true });
  if (!parsed.success) throw new ProblemsError('config.json', problemsOf(parsed.error));
  const problems = [...commonProblems(parsed.data), ...contradictions(parsed.data)];
  if (problems.length > 0) throw new ProblemsError('config.json', problems);
  return parsed.data;
}

export const headSizeOf = (config: CommonConfig): number =>
  config.head_dim ?? config.hidden_size / config.num_attention_heads;

/** Everything of the shape but rotary positions, activation and the family's own. */
export function commonShape(
  config: CommonConfig,
): Omit<ModelShape, 'architecture' | 'rotary' | 'activation'> {
  return {
    hiddenSize: config.hidden_size,
    layerCount: config.num_hidden_layers,
    headCount: config.num_attention_heads,
    kvHeadCount: config.num_key_value_heads ?? config.num_attention_heads,
    headSize: headSizeOf(config),
    feedForwardSize: config.intermediate_size,
    vocabularySize: config.vocab_size,
    maximumPositions: config.max_position_embeddings,
    normEpsilon: config.rms_norm_eps,
    residual: 'sequential',
    tiedEmbeddings: config.tie_word_embeddings,
    bosTokenId: config.bos_token_id ?? undefined,
    ...endOfText(config.eos_token_id),
  };
}

/** Rotary positions over whole heads. */
export const sharedRotary = (config: CommonConfig & RopeConfig): ModelShape['rotary'] =>
  rotaryOf(headSizeOf(config), 10_000, config.max_position_embeddings, [
    config.rope_parameters,
    { rope_theta: config.rope_theta },
    config.rope_scaling,
  ]);

/** What is wrong with rotary keys that are each fine. */
export const sharedRopeProblems = (config: CommonConfig & RopeConfig): Problem[] =>
  ropeProblems([config.rope_parameters, { rope_theta: config.rope_theta }, config.rope_scaling]);

/** The classic keys that every family writes. */
export function writeCommon(
  shape: ModelShape,
  modelType: string,
  className: string,
): Readonly<Record<string, unknown>> {
  return {
    architectures: [className],
    model_type: modelType,
    hidden_size: shape.hiddenSize,
    num_hidden_layers: shape.layerCount,
    num_attention_heads: shape.headCount,
    num_key_value_heads: shape.kvHeadCount,
    head_dim: shape.headSize,
    intermediate_size: shape.feedForwardSize,
    vocab_size: shape.vocabularySize,
    max_position_embeddings: shape.maximumPositions,
    rms_norm_eps: shape.normEpsilon,
    rope_theta: shape.rotary.base,
    rope_scaling: scalingConfig(shape.rotary.scaling),
    tie_word_embeddings: shape.tiedEmbeddings,
    bos_token_id: shape.bosTokenId ?? null,
    eos_token_id: endOfTextConfig(shape),
  };
}

/** Values that are each fine and together are not. */
function commonProblems(config: CommonConfig): Problem[] {
  const problems: Problem[] = [];
  const heads = config.num_attention_heads;
  if (config.head_dim == null && config.hidden_size % heads !== 0) {
    problems.push({
      path: 'hidden_size',
      message: {
        en: 'is not a multiple of num_attention_heads, and head_dim is not given',
        ja: 'num_attention_heads の倍数ではなく、head_dim も指定されていません',
      },
      value: String(config.hidden_size),
      allowed: { en: `multiples of ${heads}`, ja: `${heads} の倍数` },
    });
  } else if (headSizeOf(config) % 2 !== 0) {
    problems.push({
      path: 'head_dim',
      message: { en: 'must be even: pairs are rotated', ja: '偶数でなければなりません: 2 つずつ回転します' },
      value: String(headSizeOf(config)),
    });
  }
  const kvHeads = config.num_key_value_heads ?? heads;
  if (heads % kvHeads !== 0) {
    problems.push({
      path: 'num_key_value_heads',
      message: {
        en: `does not divide num_attention_heads (${heads})`,
        ja: `num_attention_heads（${heads}）を割り切れません`,
      },
      value: String(kvHeads),
    });
  }
  for (const key of ['bos_token_id', 'eos_token_id'] as const) {
    const outside = [config[key] ?? []].flat().find((id) => id >= config.vocab_size);
    if (outside !== undefined) {
      problems.push({
        path: key,
        message: { en: 'is outside the vocabulary', ja: '語彙の範囲外です' },
        value: String(outside),
        allowed: { en: `0 to ${config.vocab_size - 1}`, ja: `0 から ${config.vocab_size - 1}` },
      });
    }
  }
  return problems;
}
