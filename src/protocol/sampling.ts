/** How the next token is drawn instead of taking the most likely one. Absent in a request = greedy. */
import { z } from 'zod';

export const samplingSchema = z.strictObject({
  /** Logits are divided by it; above 0. */
  temperature: z.number().positive(),
  /** Only so many of the most likely tokens may be drawn; 0 = all. */
  topK: z.number().int().nonnegative(),
  /** Only the fewest of the most likely tokens whose probabilities sum up to it may be drawn; 1 = all. */
  topP: z.number().positive().max(1),
  /** Of the draws; each sequence has a stream of its own, so that a batch's other sequences change nothing. */
  seed: z.number().int(),
});
export type Sampling = z.infer<typeof samplingSchema>;
