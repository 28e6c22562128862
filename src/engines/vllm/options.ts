/** Options of the vllm engine, by the library's own names. */
import { z } from 'zod';

export const vllmOptions = z.strictObject({
  enforceEager: z
    .boolean()
    .default(true)
    .describe(
      "enforce_eager: true runs the model's modules as they are; false, vLLM's own default, compiles them with torch.compile anew at each load, which takes a C++ compiler and minutes",
    ),
});
