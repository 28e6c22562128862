/**
 * The techniques that engines are credited with, in the order of a ladder from plain to full: what each is, and where it
 * was described. A study's ladder names them, so that what a step gains here can stand beside the engines that have it.
 */

import type { Words } from '../kernel/language.ts';

export interface Technique {
  readonly id: string;
  /** For a column of a table. */
  readonly title: Words;
  /** One sentence. */
  readonly summary: string;
  readonly source: string;
}

const technique = <const I extends string>(
  id: I,
  title: string,
  ja: string,
  summary: string,
  source: string,
) => ({
  id,
  title: { en: title, ja },
  summary,
  source,
});

export const TECHNIQUES = [
  technique(
    'kv-cache',
    'KV cache',
    'KV キャッシュ',
    'Keys and values of earlier tokens are kept; without it every step computes the whole sequence again.',
    'Pope et al., "Efficiently Scaling Transformer Inference", MLSys 2023, section 2',
  ),
  technique(
    'fused-attention',
    'fused kernels',
    '融合カーネル',
    'Attention (or a whole layer) is one kernel instead of a chain of operators that write to memory between them.',
    'Dao et al., "FlashAttention", NeurIPS 2022; Aminabadi et al., "DeepSpeed Inference", SC 2022',
  ),
  technique(
    'graph-optimisation',
    'graph optimisation',
    'グラフ最適化',
    'The model is a graph in which constants are folded and operators joined before it runs.',
    'https://onnxruntime.ai/docs/performance/model-optimizations/graph-optimizations.html',
  ),
  technique(
    'prepacking',
    'kernels fitted to shapes',
    '形状別カーネル',
    'Weights are re-arranged for the matrix kernels at load, or kernels are chosen by measuring them for the shape.',
    'https://onnxruntime.ai/docs/get-started/with-c.html (prepacked weights); FasterTransformer, docs/gpt_guide.md (gemm test)',
  ),
  technique(
    'quantisation-8',
    '8 bit',
    '8 ビット',
    'Weights (and, for W8A8, activations) are 8-bit integers.',
    'Dettmers et al., "LLM.int8()", NeurIPS 2022',
  ),
  technique(
    'quantisation-4',
    '4 bit',
    '4 ビット',
    'Weights are 4-bit numbers in groups that share a scale.',
    'Dettmers et al., "QLoRA", NeurIPS 2023 (NF4)',
  ),
  technique(
    'no-padding',
    'no padding computed',
    'パディング省略',
    'Prompts of different length are not filled up to one length, or the filling is not computed.',
    'Zeng et al., "Boosting Distributed Training Performance of the Unpadded BERT Model", 2022; https://pytorch.org/blog/a-better-transformer-for-fast-transformer-encoder-inference/',
  ),
  technique(
    'continuous-batching',
    'continuous batching',
    '連続バッチ',
    'A waiting sequence enters as soon as another one ends, at any step.',
    'Yu et al., "Orca", OSDI 2022',
  ),
  technique(
    'paged-cache',
    'paged KV cache',
    'ページ化 KV キャッシュ',
    'The KV cache is allocated in blocks as it fills (memory; a ladder does not time it, its section counts it).',
    'Kwon et al., "PagedAttention", SOSP 2023',
  ),
  technique(
    'less-depth',
    'smaller model',
    '小さいモデル',
    'Fewer layers: what a distilled model would cost; the quality is not measured.',
    'Sanh et al., "DistilBERT", 2019',
  ),
] as const satisfies readonly Technique[];

export type TechniqueId = (typeof TECHNIQUES)[number]['id'];

export const TECHNIQUE_IDS: readonly TechniqueId[] = TECHNIQUES.map(({ id }) => id);
