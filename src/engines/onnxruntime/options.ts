/** The engine's own options: techniques that can be switched, so that one code base says what each is worth. */
import { z } from 'zod';

const whole = <const T extends readonly number[]>(values: T) => z.literal([...values] as T[number][]);

export const onnxruntimeOptions = z.strictObject({
  attention: z
    .enum(['fused', 'plain'])
    .default('fused')
    .describe('fused: one GroupQueryAttention operator; plain: rotary, MatMul, Softmax, MatMul one by one'),
  kvCache: z.enum(['on', 'off']).default('on').describe('off: every step computes the whole sequence again'),
  promptPadding: z
    .enum(['computed', 'skipped'])
    .default('computed')
    .describe(
      'ragged prompts of a static batch; computed: one step over all, each padded to the longest; skipped: a step for each run of prompts of one length. Continuous batching never pads prompts',
    ),
  kvCacheFormat: z
    .enum(['auto', 'float32', 'float16'])
    .default('auto')
    .describe('format of keys and values in the cache; auto: float16 with precision fp16, else float32'),
  graphOptimisation: z
    .enum(['all', 'extended', 'basic', 'disabled'])
    .default('all')
    .describe("ONNX Runtime's graph optimisation level"),
  prepacking: z
    .boolean()
    .default(true)
    .describe('re-arrange weights for the kernels at load (a copy); off: use the mapped file'),
  spinning: z.boolean().default(true).describe('threads wait for work in a busy loop instead of sleeping'),
  pinThreads: z
    .boolean()
    .default(false)
    .describe('keep each computing thread on a CPU of its own (session.intra_op_thread_affinities; Linux)'),
  hugePages: z
    .boolean()
    .default(true)
    .describe('ask the kernel for huge pages for weights and caches (Linux; elsewhere without effect)'),
  groupSize: whole([16, 32, 64, 128, 256])
    .default(32)
    .describe('weights that share one scale, with precisions w8 and w4'),
  accuracyLevel: whole([0, 1, 2, 3, 4])
    .default(4)
    .describe(
      'MatMulNBits, with precisions w8 and w4: what activations may be reduced to (4: int8 in blocks; 1: float32; 0: the library decides)',
    ),
});

export type OnnxruntimeOptions = z.infer<typeof onnxruntimeOptions>;
