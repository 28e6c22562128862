/** Options of the transformers engine, by the library's own names where it has one. */
import { z } from 'zod';

export const transformersOptions = z.strictObject({
  attention: z
    .enum(['eager', 'sdpa'])
    .default('sdpa')
    .describe(
      "attn_implementation: sdpa is torch's fused kernel, eager is plain matrix products; a census of the operators that ran proves which it was",
    ),
});
