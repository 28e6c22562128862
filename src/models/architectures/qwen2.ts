/** Qwen2 and Qwen2.5 (Hugging Face `qwen2`): Llama's block with biases on queries, keys and values, always. */
import { z } from 'zod';
import type { ModelShape } from '../shape.ts';
import type { Architecture } from './architecture.ts';
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
  model_type: z.literal('qwen2'),
  hidden_act: activationField.default('silu'),
  tie_word_embeddings: z.boolean().default(false),
});

export const qwen2: Architecture = {
  modelType: 'qwen2',
  id: 'qwen2',
  parseConfig,
  writeConfig: (shape) => ({
    ...writeCommon(shape, 'qwen2', 'Qwen2ForCausalLM'),
    hidden_act: ACTIVATION_NAMES[shape.activation],
    ...writeWindow(shape),
  }),
  describe: (shape) => preNormDecoder(shape),
  isBuffer: isRotaryBuffer,
  gguf: {
    name: 'qwen2',
    rotaryOrder: 'half-split',
    tiedHead: 'shared',
    metadata: familyMetadata,
    config: (facts) => ({ ...familyConfig(facts), model_type: 'qwen2' }),
    problem: familyProblem,
  },
};

function parseConfig(raw: unknown): ModelShape {
  const config = parseFamily(configSchema, raw, (parsed) => [
    ...sharedRopeProblems(parsed),
    ...windowProblems(parsed),
  ]);
  return {
    architecture: 'qwen2',
    ...commonShape(config),
    rotary: sharedRotary(config),
    activation: ACTIVATIONS[config.hidden_act],
    biases: { qkv: true, output: false, mlp: false },
    ...windowOf(config),
  };
}
