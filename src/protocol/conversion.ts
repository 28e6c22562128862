/**
 * The part of a load that later loads do not repeat: weights converted or quantised once and kept in the cache. Engines
 * name these stages from this list, so that what the budget learns and what a report calls conversion is the same.
 */

import { z } from 'zod';

/** Names of load stages that write converted weights. */
export const CONVERSION_STAGES = ['convert', 'quantise'] as const;

export const loadStagesSchema = z.strictObject({
  /** Named parts of the load in order: `convert`, `quantise`, `create-session`, ... */
  stages: z.array(z.strictObject({ name: z.string(), start_ns: z.number().int(), end_ns: z.number().int() })),
  /** Bytes written to the cache during this load; 0 on a cache hit. */
  cacheBytesWritten: z.number().int().nonnegative(),
});

/** What is read of a load. */
export interface LoadStages {
  readonly stages: readonly { readonly name: string; readonly start_ns: number; readonly end_ns: number }[];
  readonly cacheBytesWritten: number;
}

/** Time spent on writing converted weights, in ns; 0 where the cache had them or nothing needs converting. */
export function conversion_ns({ stages, cacheBytesWritten }: LoadStages): number {
  if (cacheBytesWritten === 0) return 0;
  return stages
    .filter(({ name }) => CONVERSION_STAGES.some((conversion) => conversion === name))
    .reduce((sum, { start_ns, end_ns }) => sum + end_ns - start_ns, 0);
}
