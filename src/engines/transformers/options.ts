/** Options of the transformers engine, by the library's own names where it has one. */
import { z } from 'zod';
import { described } from '../option-words.ts';

export const transformersOptions = z.strictObject({
  attention: described(z.enum(['eager', 'sdpa']).default('sdpa'), {
    en: "attn_implementation: sdpa is torch's fused kernel, eager is plain matrix products; a census of the operators that ran proves which it was",
    ja: 'attn_implementation: sdpa は torch の融合カーネル、eager は素の行列積。動いた演算子を数え、どちらだったかを確かめる',
  }),
  compile: described(z.boolean().default(false), {
    en: "torch.compile as generate applies it: a static KV cache and compiled decode steps, the prefill eager; compiling is the load's stage `compile`, never part of a generation; needs a C++ compiler",
    ja: 'generate が使う torch.compile: 静的な KV キャッシュとコンパイルした decode、prefill は eager。コンパイルはロードの段階 `compile` で、生成には含まれない。C++ コンパイラーが必要',
  }),
  offload: described(z.enum(['none', 'cpu', 'disk']).default('none'), {
    en: "layer offloading by accelerate (FlexGen's idea, not FlexGen): the blocks' weights lie in host memory or on disk and are fetched for every forward pass",
    ja: 'accelerate による層のオフロード（FlexGen の考え方で、FlexGen ではない）: ブロックの重みを主記憶かディスクに置き、順伝播のたびに取り出す',
  }),
});
