/** Options of the llama-cpp engine; each is a parameter of llama.cpp by another name, with its default where it is fair. */
import { z } from 'zod';

/** Types that llama.cpp stores keys and values in. */
export const CACHE_TYPES = ['f32', 'f16', 'bf16', 'q8_0', 'q4_0'] as const;
export type CacheType = (typeof CACHE_TYPES)[number];

export const llamaCppOptions = z.strictObject({
  kvCacheType: z
    .enum(['auto', ...CACHE_TYPES])
    .default('auto')
    .describe(
      'type of keys and values in the cache; auto: f16 with fp16, else f32 (llama.cpp itself takes f16, which would be unfair beside engines that compute in fp32)',
    ),
  flashAttention: z
    .enum(['auto', 'on', 'off'])
    .default('off')
    .describe(
      'fused attention kernel; quantised cache types need it; auto: llama.cpp decides. Off by default: with it fp32 greedy tokens differed from the reference on open-calm-small, without it they were equal',
    ),
  ubatch: z
    .number()
    .int()
    .min(1)
    .max(65_536)
    .default(512)
    .describe('tokens that are computed together (n_ubatch)'),
  batch: z
    .number()
    .int()
    .min(0)
    .max(1_048_576)
    .default(0)
    .describe('most tokens of one llama_decode (n_batch); 0: all prompts that start together go in one'),
  mmap: z.boolean().default(true).describe('map the file instead of reading it into memory'),
  repack: z
    .boolean()
    .default(true)
    .describe('re-order quantised weights at load for wider instructions (takes a second copy in memory)'),
  hugePages: z
    .boolean()
    .default(true)
    .describe(
      'back weights that llama.cpp holds in its own memory (repacked ones, and all of them with mmap off) with transparent huge pages where Linux offers them, as the onnxruntime engine does',
    ),
  threadpool: z
    .enum(['kept', 'per-step'])
    .default('kept')
    .describe(
      'kept: the threads stay from step to step, as in llama-bench and llama-server; per-step: libllama starts and joins them in every step, as where no pool is attached',
    ),
  polling: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(50)
    .describe('how long threads of a kept pool look for work before they sleep (--poll of llama.cpp)'),
  pinThreads: z
    .boolean()
    .default(false)
    .describe('keep each thread of a kept pool on a CPU of its own (--cpu-strict of llama.cpp; Linux)'),
  finishedRows: z
    .enum(['left-out', 'computed'])
    .default('left-out')
    .describe(
      'static batching with unequal lengths: whether sequences that have ended leave the batch, or are computed as padding until the last one ends, as engines do that cannot take a row out',
    ),
  unifiedKvCache: z
    .boolean()
    .default(false)
    .describe('one cache buffer shared by all sequences instead of one stream for each (kv_unified)'),
});
export type LlamaCppOptions = z.infer<typeof llamaCppOptions>;
