/** Options of the bettertransformer engine. */
import { z } from 'zod';

export const betterTransformerOptions = z.strictObject({
  form: z
    .enum(['eager', 'transformed'])
    .default('transformed')
    .describe(
      'transformed: after BetterTransformer.transform; eager: the same model in the same environment without it, the only fair baseline',
    ),
  control: z
    .enum(['none', 'encoder'])
    .default('none')
    .describe(
      "encoder: instead of the model one forward pass of a BERT-shaped encoder with the model's dimensions and random weights, to show what the library was made for; outputTokens must be 1",
    ),
  paddingShare: z
    .number()
    .min(0)
    .max(0.95)
    .default(0)
    .describe(
      'of control encoder: share of the inputTokens positions of every sequence that is padding, e.g. 0, 0.5 and 0.75; nested tensors skip it',
    ),
});
