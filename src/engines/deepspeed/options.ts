/** Options of the deepspeed engine. */
import { z } from 'zod';

export const deepSpeedOptions = z.strictObject({
  mode: z
    .enum(['auto-tp', 'kernel-injection', 'fastgen'])
    .default('auto-tp')
    .describe(
      'auto-tp: linear layers sharded over ranks; kernel-injection: blocks replaced by its fused kernels (cuda); fastgen: its inference engine v2 (cuda). What replaces nothing is refused',
    ),
  ranks: z
    .number()
    .int()
    .min(2)
    .max(64)
    .default(2)
    .describe('processes that share the model with auto-tp; the threads are divided among them'),
});
