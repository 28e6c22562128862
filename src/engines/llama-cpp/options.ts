/** Options of the llama-cpp engine; each is a parameter of llama.cpp by another name, with its default where it is fair. */
import { z } from 'zod';
import { described } from '../option-words.ts';

/** Types that llama.cpp stores keys and values in. */
export const CACHE_TYPES = ['f32', 'f16', 'bf16', 'q8_0', 'q4_0'] as const;
export type CacheType = (typeof CACHE_TYPES)[number];

export const llamaCppOptions = z.strictObject({
  kvCacheType: described(z.enum(['auto', ...CACHE_TYPES]).default('auto'), {
    en: 'type of keys and values in the cache; auto: f16 with fp16, else f32 (llama.cpp itself takes f16, which would be unfair beside engines that compute in fp32)',
    ja: 'キャッシュのキーとバリューの型。auto: fp16 なら f16、他は f32（llama.cpp の既定は f16 だが、fp32 で計算するエンジンと並べるには不公平）',
  }),
  flashAttention: described(z.enum(['auto', 'on', 'off']).default('off'), {
    en: 'fused attention kernel; quantised cache types need it; auto: llama.cpp decides. Off by default: with it fp32 greedy tokens differed from the reference on open-calm-small, without it they were equal',
    ja: '融合 attention カーネル。量子化したキャッシュには必要。auto: llama.cpp に任せる。既定が off なのは、on では open-calm-small の fp32 の greedy トークンが参照と異なり、off では一致したため',
  }),
  ubatch: described(z.number().int().min(1).max(65_536).default(512), {
    en: 'tokens that are computed together (n_ubatch)',
    ja: 'まとめて計算するトークンの数（n_ubatch）',
  }),
  batch: described(z.number().int().min(0).max(1_048_576).default(0), {
    en: 'most tokens of one llama_decode (n_batch); 0: all prompts that start together go in one',
    ja: '1 回の llama_decode の最大トークン数（n_batch）。0: 同時に始まるプロンプトをすべて一度に',
  }),
  mmap: described(z.boolean().default(true), {
    en: 'map the file instead of reading it into memory',
    ja: 'ファイルをメモリに読み込まず、マップする',
  }),
  repack: described(z.boolean().default(true), {
    en: 're-order quantised weights at load for wider instructions (takes a second copy in memory)',
    ja: '量子化した重みをロード時に幅の広い命令用に並べ替える（メモリに二つ目の写しができる）',
  }),
  hugePages: described(z.boolean().default(true), {
    en: 'back weights that llama.cpp holds in its own memory (repacked ones, and all of them with mmap off) with transparent huge pages where Linux offers them, as the onnxruntime engine does',
    ja: 'llama.cpp が自身のメモリに持つ重み（並べ替えたもの、mmap off ならすべて）を、Linux が提供する場合は透過的ヒュージページに置く（onnxruntime エンジンと同じ）',
  }),
  threadpool: described(z.enum(['kept', 'per-step']).default('kept'), {
    en: 'kept: the threads stay from step to step, as in llama-bench and llama-server; per-step: libllama starts and joins them in every step, as where no pool is attached',
    ja: 'kept: スレッドはステップをまたいで残る（llama-bench や llama-server と同じ）。per-step: libllama がステップごとに開始・終了させる（プールを付けない場合と同じ）',
  }),
  polling: described(z.number().int().min(0).max(100).default(50), {
    en: 'how long threads of a kept pool look for work before they sleep (--poll of llama.cpp)',
    ja: 'kept のプールのスレッドが眠る前に仕事を待つ長さ（llama.cpp の --poll）',
  }),
  pinThreads: described(z.boolean().default(false), {
    en: 'keep each thread of a kept pool on a CPU of its own (--cpu-strict of llama.cpp; Linux)',
    ja: 'kept のプールの各スレッドを専用の CPU に固定する（llama.cpp の --cpu-strict、Linux）',
  }),
  finishedRows: described(z.enum(['left-out', 'computed']).default('left-out'), {
    en: 'static batching with unequal lengths: whether sequences that have ended leave the batch, or are computed as padding until the last one ends, as engines do that cannot take a row out',
    ja: '長さの異なる静的バッチで、終わった系列をバッチから外すか（left-out）、最後の系列が終わるまでパディングとして計算し続けるか（computed: 行を外せないエンジンと同じ）',
  }),
  unifiedKvCache: described(z.boolean().default(false), {
    en: 'one cache buffer shared by all sequences instead of one stream for each (kv_unified)',
    ja: '系列ごとに分けず、全系列で 1 つのキャッシュを共有する（kv_unified）',
  }),
});
export type LlamaCppOptions = z.infer<typeof llamaCppOptions>;
