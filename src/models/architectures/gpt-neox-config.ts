/**
 * GPT-NeoX's config.json, read and written.
 *
 * Read: the classic keys (`rotary_pct`, `rotary_emb_base`) and those of transformers 5 (`rope_parameters`). Defaults are
 * those of transformers' GPTNeoXConfig, but only for keys that files really leave out: sizes are never guessed.
 * Without any rotary share transformers uses 0.25, and so does this (transformers 5 drops `rotary_pct` on saving and
 * writes `rope_parameters.partial_rotary_factor` instead).
 * Written: the classic keys, so that every engine and every version reads the same shape.
 */
import { z } from 'zod';
import { type Problem, ProblemsError } from '../../kernel/errors.ts';
import { endOfText, endOfTextConfig } from '../end-of-text.ts';
import type { ModelShape } from '../shape.ts';
import { size, tokenId } from './config-fields.ts';
import { problemsOf, shortJson } from './config-problems.ts';

const DEFAULT_ROTARY_SHARE = 0.25;
const DEFAULT_ROTARY_BASE = 10000;

/** transformers' names of activations that are one of the two forms of GELU. */
const ACTIVATIONS = {
  gelu: 'gelu-erf',
  gelu_python: 'gelu-erf',
  gelu_new: 'gelu-tanh',
  gelu_fast: 'gelu-tanh',
  gelu_accurate: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  gelu_python_tanh: 'gelu-tanh',
} as const satisfies Record<string, ModelShape['activation']>;

const share = z.number().positive().max(1);
const base = z.number().positive();

const configSchema = z.object({
  model_type: z.literal('gpt_neox'),
  hidden_size: size,
  num_hidden_layers: size.max(10_000),
  num_attention_heads: size,
  intermediate_size: size,
  vocab_size: size,
  max_position_embeddings: size,
  hidden_act: z.enum(Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[]).default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-5),
  use_parallel_residual: z.boolean().default(true),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.literal(true).default(true),
  rotary_pct: share.nullish(),
  rotary_emb_base: base.nullish(),
  partial_rotary_factor: share.nullish(),
  rope_theta: base.nullish(),
  rope_parameters: z
    .object({
      rope_type: z.literal('default').default('default'),
      rope_theta: base.nullish(),
      partial_rotary_factor: share.nullish(),
    })
    .nullish(),
  rope_scaling: z.null().optional(),
  bos_token_id: tokenId.nullish(),
  eos_token_id: z.union([tokenId, z.array(tokenId).min(1)]).nullish(),
});
type Config = z.infer<typeof configSchema>;

/** The shape of a parsed config.json. @throws ProblemsError with every problem at once */
export function parseGptNeoxConfig(config: unknown): ModelShape {
  const parsed = configSchema.safeParse(config, { reportInput: true });
  if (!parsed.success) throw new ProblemsError('config.json', problemsOf(parsed.error));
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw new ProblemsError('config.json', problems);
  return shapeOf(parsed.data);
}

/** A config.json with the classic keys. */
export function writeGptNeoxConfig(shape: ModelShape): Readonly<Record<string, unknown>> {
  return {
    architectures: ['GPTNeoXForCausalLM'],
    model_type: 'gpt_neox',
    hidden_size: shape.hiddenSize,
    num_hidden_layers: shape.layerCount,
    num_attention_heads: shape.headCount,
    intermediate_size: shape.feedForwardSize,
    vocab_size: shape.vocabularySize,
    max_position_embeddings: shape.maximumPositions,
    hidden_act: shape.activation === 'gelu-erf' ? 'gelu' : 'gelu_new',
    layer_norm_eps: shape.normEpsilon,
    rotary_pct: shape.rotary.dimensions / shape.headSize,
    rotary_emb_base: shape.rotary.base,
    use_parallel_residual: shape.residual === 'parallel',
    tie_word_embeddings: shape.tiedEmbeddings,
    attention_bias: true,
    bos_token_id: shape.bosTokenId ?? null,
    eos_token_id: endOfTextConfig(shape),
  };
}

function shapeOf(config: Config): ModelShape {
  const headSize = config.hidden_size / config.num_attention_heads;
  return {
    architecture: 'gpt-neox',
    hiddenSize: config.hidden_size,
    layerCount: config.num_hidden_layers,
    headCount: config.num_attention_heads,
    kvHeadCount: config.num_attention_heads,
    headSize,
    feedForwardSize: config.intermediate_size,
    vocabularySize: config.vocab_size,
    maximumPositions: config.max_position_embeddings,
    rotary: { dimensions: rotaryDimensions(config), base: first(rotaryBases(config)) ?? DEFAULT_ROTARY_BASE },
    normEpsilon: config.layer_norm_eps,
    residual: config.use_parallel_residual ? 'parallel' : 'sequential',
    activation: ACTIVATIONS[config.hidden_act],
    tiedEmbeddings: config.tie_word_embeddings,
    bosTokenId: config.bos_token_id ?? undefined,
    ...endOfText(config.eos_token_id),
  };
}

/** Values that are each fine and together are not. */
function contradictions(config: Config): Problem[] {
  const problems: Problem[] = [];
  if (config.hidden_size % config.num_attention_heads !== 0) {
    problems.push({
      path: 'hidden_size',
      message: {
        en: 'is not a multiple of num_attention_heads',
        ja: 'num_attention_heads の倍数ではありません',
      },
      value: String(config.hidden_size),
      allowed: {
        en: `multiples of ${config.num_attention_heads}`,
        ja: `${config.num_attention_heads} の倍数`,
      },
    });
  } else if (rotaryDimensions(config) < 2 || rotaryDimensions(config) % 2 !== 0) {
    problems.push({
      path: 'rotary_pct',
      message: {
        en: `rotates ${rotaryDimensions(config)} dimensions of a head; it must be an even number`,
        ja: `回転するのはヘッドの ${rotaryDimensions(config)} 次元ですが、偶数でなければなりません`,
      },
      value: String(first(rotaryShares(config)) ?? DEFAULT_ROTARY_SHARE),
    });
  }
  const pairs = [
    ['rotary_pct', rotaryShares(config)],
    ['rotary_emb_base', rotaryBases(config)],
  ] as const;
  for (const [path, values] of pairs) {
    if (new Set(values).size > 1) {
      problems.push({
        path,
        message: {
          en: 'the classic key and rope_parameters contradict each other',
          ja: '従来のキーと rope_parameters が矛盾しています',
        },
        value: shortJson(values),
      });
    }
  }
  for (const key of ['bos_token_id', 'eos_token_id'] as const) {
    const id = [config[key] ?? []].flat()[0];
    if (id !== undefined && id >= config.vocab_size) {
      problems.push({
        path: key,
        message: { en: 'is outside the vocabulary', ja: '語彙の範囲外です' },
        value: String(id),
        allowed: { en: `0 to ${config.vocab_size - 1}`, ja: `0 から ${config.vocab_size - 1}` },
      });
    }
  }
  return problems;
}

/** Truncated, as transformers does. */
function rotaryDimensions(config: Config): number {
  const headSize = config.hidden_size / config.num_attention_heads;
  return Math.trunc(headSize * (first(rotaryShares(config)) ?? DEFAULT_ROTARY_SHARE));
}

const rotaryShares = (config: Config): number[] =>
  given(config.rotary_pct, config.partial_rotary_factor, config.rope_parameters?.partial_rotary_factor);

const rotaryBases = (config: Config): number[] =>
  given(config.rotary_emb_base, config.rope_theta, config.rope_parameters?.rope_theta);

const given = (...values: readonly (number | null | undefined)[]): number[] =>
  values.filter((value): value is number => value !== null && value !== undefined);

const first = (values: readonly number[]): number | undefined => values[0];
