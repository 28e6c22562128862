/**
 * Which of the techniques the engines of the 2023 study use on decoders, as their own documents say. Declared data, not
 * measured: `used`, `optional` (a switch, or another model file), `partly` (see the note), `unused`.
 */
import type { Words } from '../kernel/language.ts';
import type { TechniqueId } from './techniques.ts';

export type TechniqueUse = 'used' | 'optional' | 'partly' | 'unused';

export interface EngineTechniques {
  /** As readers of the study know it. */
  readonly engine: string;
  readonly uses: Readonly<Record<TechniqueId, TechniqueUse>>;
  readonly notes: readonly Words[];
  readonly sources: readonly string[];
}

const NOTHING = {
  'kv-cache': 'unused',
  'fused-attention': 'unused',
  'graph-optimisation': 'unused',
  prepacking: 'unused',
  'quantisation-8': 'unused',
  'quantisation-4': 'unused',
  'no-padding': 'unused',
  'continuous-batching': 'unused',
  'paged-cache': 'unused',
  'less-depth': 'unused',
} as const satisfies Record<TechniqueId, TechniqueUse>;

const TRANSFORMERS_GENERATE = 'https://huggingface.co/docs/transformers/kv_cache';

export const ENGINE_TECHNIQUES: readonly EngineTechniques[] = [
  {
    engine: 'PyTorch (eager)',
    uses: { ...NOTHING, 'kv-cache': 'used' },
    notes: [
      {
        en: 'generate() keeps the cache (use_cache); eager attention is a chain of operators.',
        ja: 'generate() はキャッシュを保持する（use_cache）。eager attention は演算子の連なり。',
      },
    ],
    sources: [TRANSFORMERS_GENERATE],
  },
  {
    engine: 'BetterTransformer',
    uses: { ...NOTHING, 'kv-cache': 'used', 'fused-attention': 'used', 'no-padding': 'partly' },
    notes: [
      {
        en: 'Decoders got fused attention (scaled_dot_product_attention) only; padding is left out for encoders only.',
        ja: 'デコーダーが得たのは融合 attention（scaled_dot_product_attention）だけ。パディングの省略はエンコーダーだけ。',
      },
    ],
    sources: [
      'https://huggingface.co/docs/optimum/bettertransformer/overview',
      'https://pytorch.org/blog/out-of-the-box-acceleration/',
    ],
  },
  {
    engine: 'ONNX Runtime (optimum)',
    uses: {
      ...NOTHING,
      'kv-cache': 'used',
      'fused-attention': 'optional',
      'graph-optimisation': 'used',
      prepacking: 'used',
      'quantisation-8': 'optional',
      'quantisation-4': 'optional',
    },
    notes: [
      {
        en: 'Attention is fused, and weights are quantised, by tools that rewrite the exported model file; the study did neither.',
        ja: 'attention の融合と重みの量子化は、書き出したモデルファイルを書き換える道具による。元の研究ではどちらも行っていない。',
      },
    ],
    sources: [
      'https://onnxruntime.ai/docs/performance/model-optimizations/graph-optimizations.html',
      'https://huggingface.co/docs/optimum-onnx/onnxruntime/usage_guides/optimization',
    ],
  },
  {
    engine: 'vLLM',
    uses: {
      ...NOTHING,
      'kv-cache': 'used',
      'fused-attention': 'used',
      'quantisation-8': 'optional',
      'quantisation-4': 'optional',
      'no-padding': 'used',
      'continuous-batching': 'used',
      'paged-cache': 'used',
    },
    notes: [
      {
        en: 'In the study no quantised model was run with it.',
        ja: '元の研究では量子化したモデルを動かしていない。',
      },
    ],
    sources: [
      'Kwon et al., "Efficient Memory Management for Large Language Model Serving with PagedAttention", SOSP 2023',
      'https://docs.vllm.ai/en/latest/features/quantization/',
    ],
  },
  {
    engine: 'FasterTransformer',
    uses: {
      ...NOTHING,
      'kv-cache': 'used',
      'fused-attention': 'used',
      prepacking: 'used',
      'no-padding': 'partly',
    },
    notes: [
      {
        en: 'gpt_gemm picks matrix kernels by measuring them for the shape. For GPT-NeoX it has float32 and float16 only. Padding of prompts is removed before the first layer; decoding runs to the longest sequence.',
        ja: 'gpt_gemm が形状ごとに実測して行列カーネルを選ぶ。GPT-NeoX では float32 と float16 だけ。プロンプトのパディングは最初の層の前に除かれ、decode は最長の系列まで続く。',
      },
    ],
    sources: [
      'https://github.com/NVIDIA/FasterTransformer/blob/main/docs/gptneox_guide.md',
      'https://github.com/NVIDIA/FasterTransformer/blob/main/src/fastertransformer/models/gptneox/GptNeoXContextDecoder.cc',
    ],
  },
  {
    engine: 'bitsandbytes',
    uses: { ...NOTHING, 'kv-cache': 'used', 'quantisation-8': 'used', 'quantisation-4': 'used' },
    notes: [
      {
        en: "Replaces linear layers inside PyTorch (eager): one of its formats at a time, the rest is PyTorch's.",
        ja: 'PyTorch（eager）の中で線形層を置き換える: 一度に 1 つの形式で、残りは PyTorch のまま。',
      },
    ],
    sources: [
      'https://huggingface.co/docs/bitsandbytes/main/en/index',
      'Dettmers et al., "LLM.int8()", NeurIPS 2022; "QLoRA", NeurIPS 2023',
    ],
  },
  {
    engine: 'onnxruntime (Hayasa)',
    uses: {
      'kv-cache': 'used',
      'fused-attention': 'used',
      'graph-optimisation': 'used',
      prepacking: 'used',
      'quantisation-8': 'optional',
      'quantisation-4': 'optional',
      'no-padding': 'optional',
      'continuous-batching': 'optional',
      'paged-cache': 'unused',
      'less-depth': 'unused',
    },
    notes: [
      {
        en: 'Each one is a switch of this engine: the ladder climbs over them.',
        ja: 'それぞれがこのエンジンのスイッチ: 階段はそれらを順に上る。',
      },
    ],
    sources: ['docs/engines.md'],
  },
];
