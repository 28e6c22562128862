/** Options of the transformers engine, by the library's own names where it has one. */
import { z } from 'zod';

export const transformersOptions = z.strictObject({
  attention: z
    .enum(['eager', 'sdpa'])
    .default('sdpa')
    .describe(
      "attn_implementation: sdpa is torch's fused kernel, eager is plain matrix products; a census of the operators that ran proves which it was",
    ),
  compile: z
    .boolean()
    .default(false)
    .describe(
      "torch.compile as generate applies it: a static KV cache and compiled decode steps, the prefill eager; compiling is the load's stage `compile`, never part of a generation; needs a C++ compiler",
    ),
  offload: z
    .enum(['none', 'cpu', 'disk'])
    .default('none')
    .describe(
      "layer offloading by accelerate (FlexGen's idea, not FlexGen): the blocks' weights lie in host memory or on disk and are fetched for every forward pass",
    ),
});
