/** Options of the ctranslate2 engine: none so far. */
import { z } from 'zod';

export const ctranslate2Options = z.strictObject({});
