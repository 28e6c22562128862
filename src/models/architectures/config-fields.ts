/** Numbers as every config.json has them, whatever the architecture. */
import { z } from 'zod';

/** A size of a model: far above any model, far below where products of two sizes stop being exact. */
export const size = z
  .number()
  .int()
  .positive()
  .max(2 ** 24);

/** The id of a token. */
export const tokenId = z.number().int().nonnegative();
