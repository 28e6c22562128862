/** Options of the fastertransformer engine: none. Its sample program is run greedily, on one GPU. */
import { z } from 'zod';

export const fasterTransformerOptions: z.ZodObject = z.strictObject({});
