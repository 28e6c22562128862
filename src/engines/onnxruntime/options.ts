/** The engine's own options: techniques that can be switched, so that one code base says what each is worth. */
import { z } from 'zod';
import { oneOfNumbers } from '../../axes/whole-number.ts';
import { described } from '../option-words.ts';

export const onnxruntimeOptions = z.strictObject({
  attention: described(z.enum(['fused', 'plain']).default('fused'), {
    en: 'fused: one GroupQueryAttention operator; plain: rotary, MatMul, Softmax, MatMul one by one',
    ja: 'fused: GroupQueryAttention 演算子 1 つ。plain: 回転、MatMul、Softmax、MatMul を 1 つずつ',
  }),
  kvCache: described(z.enum(['on', 'off']).default('on'), {
    en: 'off: every step computes the whole sequence again',
    ja: 'off: 各ステップが系列全体を計算し直す',
  }),
  promptPadding: described(z.enum(['computed', 'skipped']).default('computed'), {
    en: 'ragged prompts of a static batch; computed: one step over all, each padded to the longest; skipped: a step for each run of prompts of one length. Continuous batching never pads prompts',
    ja: '静的バッチの不揃いなプロンプト。computed: 最長に揃えて埋め、全体を 1 ステップで。skipped: 同じ長さのプロンプトのまとまりごとに 1 ステップ。連続バッチではプロンプトを埋めない',
  }),
  kvCacheFormat: described(z.enum(['auto', 'float32', 'float16']).default('auto'), {
    en: 'format of keys and values in the cache; auto: float16 with precision fp16, else float32',
    ja: 'キャッシュのキーとバリューの形式。auto: 精度 fp16 なら float16、他は float32',
  }),
  graphOptimisation: described(z.enum(['all', 'extended', 'basic', 'disabled']).default('all'), {
    en: "ONNX Runtime's graph optimisation level",
    ja: 'ONNX Runtime のグラフ最適化の段階',
  }),
  prepacking: described(z.boolean().default(true), {
    en: 're-arrange weights for the kernels at load (a copy); off: use the mapped file',
    ja: '重みをロード時にカーネル向けに並べ替える（写しを作る）。off: マップしたファイルを使う',
  }),
  spinning: described(z.boolean().default(true), {
    en: 'threads wait for work in a busy loop instead of sleeping',
    ja: 'スレッドは眠らず、ビジーループで仕事を待つ',
  }),
  pinThreads: described(z.boolean().default(false), {
    en: 'keep each computing thread on a CPU of its own (session.intra_op_thread_affinities; Linux)',
    ja: '計算スレッドをそれぞれ専用の CPU に固定する（session.intra_op_thread_affinities、Linux）',
  }),
  hugePages: described(z.boolean().default(true), {
    en: 'ask the kernel for huge pages for weights and caches (Linux; elsewhere without effect)',
    ja: '重みとキャッシュにヒュージページをカーネルに求める（Linux。他では効果なし）',
  }),
  groupSize: described(oneOfNumbers([16, 32, 64, 128, 256]).default(32), {
    en: 'weights that share one scale, with precisions w8 and w4',
    ja: '1 つの縮尺を共有する重みの数（精度 w8 と w4）',
  }),
  accuracyLevel: described(oneOfNumbers([0, 1, 2, 3, 4]).default(4), {
    en: 'MatMulNBits, with precisions w8 and w4: what activations may be reduced to (4: int8 in blocks; 1: float32; 0: the library decides)',
    ja: 'MatMulNBits（精度 w8 と w4）: 活性をどこまで落としてよいか（4: ブロックごとの int8、1: float32、0: ライブラリに任せる）',
  }),
  prefillWeights: described(z.enum(['same', 'int8']).default('same'), {
    en: 'with precisions w8 and w4; int8: prompts are computed by a second graph, that of w8a8, faster at many rows, with weights of its own in memory; same: one graph for prompts and for decoding',
    ja: '精度 w8 と w4。int8: プロンプトは第 2 のグラフ（w8a8 のもの）で計算する。行が多いとき速く、その重みの分のメモリーが増える。same: プロンプトもデコードも 1 つのグラフ',
  }),
});

export type OnnxruntimeOptions = z.infer<typeof onnxruntimeOptions>;
