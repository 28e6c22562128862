/** Qwen3 (Hugging Face `qwen3`): Llama's block with RMS norms over each head of queries and keys, and a head size of its own. */
import { z } from 'zod';
import type { ModelShape } from '../shape.ts';
import type { Architecture } from './architecture.ts';
import { size } from './config-fields.ts';
import {
  familyConfig,
  familyMetadata,
  familyProblem,
  isRotaryBuffer,
  preNormDecoder,
} from './llama-family.ts';
import {
  ACTIVATION_NAMES,
  ACTIVATIONS,
  activationField,
  commonFields,
  commonShape,
  parseFamily,
  sharedRopeFields,
  sharedRopeProblems,
  sharedRotary,
  writeCommon,
} from './llama-family-config.ts';
import { windowFields, windowOf, windowProblems, writeWindow } from './window-config.ts';

const configSchema = z.object({
  ...commonFields,
  ...sharedRopeFields,
  ...windowFields,
  model_type: z.literal('qwen3'),
  hidden_act: activationField.default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  // transformers' default; files that mean hidden_size / heads do not exist.
  head_dim: size.default(128),
  attention_bias: z.boolean().default(false),
});

export const qwen3: Architecture = {
  modelType: 'qwen3',
  id: 'qwen3',
  parseConfig,
  writeConfig: (shape) => ({
    ...writeCommon(shape, 'qwen3', 'Qwen3ForCausalLM'),
    hidden_act: ACTIVATION_NAMES[shape.activation],
    attention_bias: shape.biases?.qkv ?? false,
    ...writeWindow(shape),
  }),
  describe: (shape) => preNormDecoder(shape, { headNorms: { offset: 0 } }),
  isBuffer: isRotaryBuffer,
  gguf: {
    name: 'qwen3',
    rotaryOrder: 'half-split',
    tiedHead: 'shared',
    metadata: familyMetadata,
    config: (facts) => ({ ...familyConfig(facts), model_type: 'qwen3' }),
    problem: (shape) =>
      shape.biases === undefined
        ? familyProblem(shape)
        : {
            en: 'llama.cpp has no attention biases for qwen3',
            ja: 'llama.cpp の qwen3 には attention のバイアスがありません',
          },
  },
};

function parseConfig(raw: unknown): ModelShape {
  const config = parseFamily(configSchema, raw, (parsed) => [
    ...sharedRopeProblems(parsed),
    ...windowProblems(parsed),
  ]);
  return {
    architecture: 'qwen3',
    ...commonShape(config),
    rotary: sharedRotary(config),
    activation: ACTIVATIONS[config.hidden_act],
    ...(config.attention_bias ? { biases: { qkv: true, output: true, mlp: false } } : {}),
    ...windowOf(config),
  };
}
