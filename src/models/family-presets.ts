/**
 * Published shapes of the relatives of Llama: small models that write Japanese, and well-known small multilingual ones.
 * Each `config` holds the keys of the model's config.json on the Hugging Face hub that decide its shape, read where
 * `source` says. Keys that say nothing about the shape are left out.
 */
import type { Words } from '../kernel/language.ts';
import { architectureOf } from './architectures/registry.ts';
import type { ModelShape } from './shape.ts';

export interface FamilyPreset {
  readonly hubName: string;
  readonly publishedDtype: 'bfloat16';
  readonly source: string;
  readonly summary: Words;
  readonly shape: ModelShape;
}

const torobi = 'as recorded in github.com/takahashim/torobi, test/oracle';

const preset = (
  hubName: string,
  source: string,
  summary: Words,
  config: Readonly<Record<string, unknown>>,
): FamilyPreset => ({
  hubName,
  publishedDtype: 'bfloat16',
  source: `config.json of ${hubName}, ${source}`,
  summary,
  shape: architectureOf(config).parseConfig(config),
});

export const FAMILY_PRESETS: readonly FamilyPreset[] = [
  preset(
    'sbintuitions/sarashina2.2-0.5b',
    `revision 5fb086c4, ${torobi}`,
    {
      en: 'Japanese and English, 793 million parameters, unigram',
      ja: '日本語と英語、7.93 億パラメーター、unigram',
    },
    {
      model_type: 'llama',
      attention_bias: false,
      bos_token_id: 1,
      eos_token_id: 2,
      hidden_act: 'silu',
      hidden_size: 1280,
      intermediate_size: 4480,
      max_position_embeddings: 8192,
      mlp_bias: false,
      num_attention_heads: 16,
      num_hidden_layers: 24,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-5,
      rope_scaling: null,
      rope_theta: 500_000,
      tie_word_embeddings: false,
      vocab_size: 102_400,
    },
  ),
  preset(
    'Qwen/Qwen2.5-0.5B',
    `revision 060db649, ${torobi}`,
    {
      en: 'multilingual with Japanese, 494 million parameters, byte-level BPE',
      ja: '日本語を含む多言語、4.94 億パラメーター、バイト単位の BPE',
    },
    {
      model_type: 'qwen2',
      bos_token_id: 151_643,
      eos_token_id: 151_643,
      hidden_act: 'silu',
      hidden_size: 896,
      intermediate_size: 4864,
      max_position_embeddings: 32_768,
      max_window_layers: 24,
      num_attention_heads: 14,
      num_hidden_layers: 24,
      num_key_value_heads: 2,
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      sliding_window: 32_768,
      tie_word_embeddings: true,
      use_sliding_window: false,
      vocab_size: 151_936,
    },
  ),
  preset(
    'Qwen/Qwen3-0.6B',
    'as quoted in the public source text "Constants for Qwen/Qwen3-0.6B"',
    {
      en: 'multilingual with Japanese, 596 million parameters, byte-level BPE',
      ja: '日本語を含む多言語、5.96 億パラメーター、バイト単位の BPE',
    },
    {
      model_type: 'qwen3',
      attention_bias: false,
      bos_token_id: 151_643,
      eos_token_id: 151_645,
      head_dim: 128,
      hidden_act: 'silu',
      hidden_size: 1024,
      intermediate_size: 3072,
      max_position_embeddings: 40_960,
      max_window_layers: 28,
      num_attention_heads: 16,
      num_hidden_layers: 28,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-6,
      rope_scaling: null,
      rope_theta: 1_000_000,
      sliding_window: null,
      tie_word_embeddings: true,
      use_sliding_window: false,
      vocab_size: 151_936,
    },
  ),
  preset(
    'google/gemma-3-270m',
    `revision 9b0cfec8, ${torobi}`,
    {
      en: 'multilingual with Japanese, 268 million parameters, sliding windows',
      ja: '日本語を含む多言語、2.68 億パラメーター、sliding window',
    },
    {
      model_type: 'gemma3_text',
      attention_bias: false,
      attn_logit_softcapping: null,
      bos_token_id: 2,
      eos_token_id: 1,
      final_logit_softcapping: null,
      head_dim: 256,
      hidden_activation: 'gelu_pytorch_tanh',
      hidden_size: 640,
      intermediate_size: 2048,
      // The file lists all 18: five that slide, one that does not, three times.
      sliding_window_pattern: 6,
      max_position_embeddings: 32_768,
      num_attention_heads: 4,
      num_hidden_layers: 18,
      num_key_value_heads: 1,
      query_pre_attn_scalar: 256,
      rms_norm_eps: 1e-6,
      rope_local_base_freq: 10_000,
      rope_scaling: null,
      rope_theta: 1_000_000,
      sliding_window: 512,
      use_bidirectional_attention: false,
      vocab_size: 262_144,
    },
  ),
  preset(
    'HuggingFaceTB/SmolLM2-135M',
    'as printed by transformers 4.45.1 ("LlamaConfig", a public transcript)',
    {
      en: 'English, 135 million parameters, byte-level BPE',
      ja: '英語、1.35 億パラメーター、バイト単位の BPE',
    },
    {
      model_type: 'llama',
      attention_bias: false,
      bos_token_id: 0,
      eos_token_id: 0,
      head_dim: 64,
      hidden_act: 'silu',
      hidden_size: 576,
      intermediate_size: 1536,
      max_position_embeddings: 8192,
      mlp_bias: false,
      num_attention_heads: 9,
      num_hidden_layers: 30,
      num_key_value_heads: 3,
      rms_norm_eps: 1e-5,
      rope_scaling: null,
      rope_theta: 100_000,
      tie_word_embeddings: true,
      vocab_size: 49_152,
    },
  ),
  preset(
    'TinyLlama/TinyLlama-1.1B-Chat-v1.0',
    'as recorded in github.com/mlc-ai/mlc-llm, python/mlc_llm/model/model_preset.py (01ced331), tinyllama_1b_chat_v1.0',
    { en: 'English, 1.1 billion parameters', ja: '英語、11 億パラメーター' },
    {
      model_type: 'llama',
      attention_bias: false,
      bos_token_id: 1,
      eos_token_id: 2,
      hidden_act: 'silu',
      hidden_size: 2048,
      intermediate_size: 5632,
      max_position_embeddings: 2048,
      num_attention_heads: 32,
      num_hidden_layers: 22,
      num_key_value_heads: 4,
      rms_norm_eps: 1e-5,
      rope_scaling: null,
      rope_theta: 10_000,
      tie_word_embeddings: false,
      vocab_size: 32_000,
    },
  ),
  preset(
    'mistralai/Mistral-7B-v0.3',
    'as recorded in github.com/mlc-ai/mlc-llm, python/mlc_llm/model/model_preset.py (01ced331), mistral_7b_v03',
    { en: 'multilingual, 7.2 billion parameters', ja: '多言語、72 億パラメーター' },
    {
      model_type: 'mistral',
      bos_token_id: 1,
      eos_token_id: 2,
      hidden_act: 'silu',
      hidden_size: 4096,
      intermediate_size: 14_336,
      max_position_embeddings: 32_768,
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-5,
      rope_theta: 1_000_000,
      sliding_window: null,
      tie_word_embeddings: false,
      vocab_size: 32_768,
    },
  ),
];
