/** Mistral (Hugging Face `mistral`): Llama's block with a sliding window in every layer, where the config has one. */
import { z } from 'zod';
import type { ModelShape } from '../shape.ts';
import type { Architecture } from './architecture.ts';
import { size } from './config-fields.ts';
import { llama } from './llama.ts';
import { familyMetadata, familyProblem, isRotaryBuffer, preNormDecoder } from './llama-family.ts';
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

const configSchema = z.object({
  ...commonFields,
  ...sharedRopeFields,
  model_type: z.literal('mistral'),
  hidden_act: activationField.default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  // transformers' own default is 4,096 tokens; files that mean none write null.
  sliding_window: size.nullable().default(4096),
});

export const mistral: Architecture = {
  modelType: 'mistral',
  id: 'mistral',
  parseConfig,
  writeConfig: (shape) => ({
    ...writeCommon(shape, 'mistral', 'MistralForCausalLM'),
    hidden_act: ACTIVATION_NAMES[shape.activation],
    sliding_window: shape.window?.tokens ?? null,
  }),
  describe: (shape) => preNormDecoder(shape),
  isBuffer: isRotaryBuffer,
  gguf: {
    // llama.cpp knows no other name for it.
    name: 'llama',
    rotaryOrder: 'interleaved',
    tiedHead: 'shared',
    metadata: familyMetadata,
    config: llama.gguf.config,
    problem: familyProblem,
  },
};

function parseConfig(raw: unknown): ModelShape {
  const config = parseFamily(configSchema, raw, sharedRopeProblems);
  const tokens = config.sliding_window;
  const layers = Array.from({ length: config.num_hidden_layers }, (_, index) => index);
  return {
    architecture: 'mistral',
    ...commonShape(config),
    rotary: sharedRotary(config),
    activation: ACTIVATIONS[config.hidden_act],
    ...(tokens === null ? {} : { window: { tokens, layers } }),
  };
}
