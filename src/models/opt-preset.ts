/** The smallest published OPT: an architecture that engines of 2022 and 2023 know which have no GPT-NeoX. */
import type { Words } from '../kernel/language.ts';
import { opt } from './architectures/opt.ts';
import type { ModelShape } from './shape.ts';

interface OptPreset {
  readonly hubName: string;
  readonly publishedDtype: 'float16';
  readonly source: string;
  readonly summary: Words;
  readonly shape: ModelShape;
}

export const OPT_PRESET: OptPreset = {
  hubName: 'facebook/opt-125m',
  publishedDtype: 'float16',
  source:
    'config.json of facebook/opt-125m, as copied on the Hugging Face hub into autoevaluate/zero-shot-classification, revision 96350bc',
  summary: {
    en: 'English, 125 million parameters, learned positions; Python engines only',
    ja: '英語、1.25 億パラメーター、学習した位置。Python エンジンのみ',
  },
  shape: opt.parseConfig({
    model_type: 'opt',
    activation_function: 'relu',
    bos_token_id: 2,
    do_layer_norm_before: true,
    eos_token_id: 2,
    ffn_dim: 3072,
    hidden_size: 768,
    max_position_embeddings: 2048,
    num_attention_heads: 12,
    num_hidden_layers: 12,
    vocab_size: 50_272,
    word_embed_proj_dim: 768,
  }),
};
