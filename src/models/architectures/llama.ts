/**
 * Llama (Hugging Face `llama`; TinyLlama, SmolLM2, Sarashina2, Swallow and many more): RMS norms before attention and MLP,
 * grouped queries, half-split rotary positions over whole heads (with llama3 scaling from 3.1 on), SwiGLU; biases where
 * the config asks for them.
 */
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

const configSchema = z.object({
  ...commonFields,
  ...sharedRopeFields,
  model_type: z.literal('llama'),
  hidden_act: activationField.default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
});

export const llama: Architecture = {
  modelType: 'llama',
  id: 'llama',
  parseConfig,
  writeConfig: (shape) => ({
    ...writeCommon(shape, 'llama', 'LlamaForCausalLM'),
    hidden_act: ACTIVATION_NAMES[shape.activation],
    attention_bias: shape.biases?.qkv ?? false,
    mlp_bias: shape.biases?.mlp ?? false,
  }),
  describe: (shape) => preNormDecoder(shape),
  isBuffer: isRotaryBuffer,
  gguf: {
    name: 'llama',
    rotaryOrder: 'interleaved',
    tiedHead: 'shared',
    metadata: familyMetadata,
    config: (facts) => ({
      ...familyConfig(facts),
      model_type: 'llama',
      attention_bias: facts.has('blk.0.attn_q.bias'),
      mlp_bias: facts.has('blk.0.ffn_gate.bias'),
    }),
    problem: familyProblem,
  },
};

function parseConfig(raw: unknown): ModelShape {
  const config = parseFamily(configSchema, raw, sharedRopeProblems);
  const { attention_bias: attentionBias, mlp_bias: mlp } = config;
  return {
    architecture: 'llama',
    ...commonShape(config),
    rotary: sharedRotary(config),
    activation: ACTIVATIONS[config.hidden_act],
    ...(attentionBias || mlp ? { biases: { qkv: attentionBias, output: attentionBias, mlp } } : {}),
  };
}
