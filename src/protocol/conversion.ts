/**
 * The part of a load that later loads do not repeat: weights converted or quantised once and kept in the cache. Engines
 * name these stages from this list, so that what the budget learns and what a report calls conversion is the same.
 */

/** Names of load stages that write converted weights. */
export const CONVERSION_STAGES = ['convert', 'quantise'] as const;

/** What is read of a load. */
export interface LoadStages {
  readonly stages: readonly { readonly name: string; readonly start_ns: number; readonly end_ns: number }[];
  /** Bytes written to the cache during this load; 0 on a cache hit. */
  readonly cacheBytesWritten: number;
}

/** Time spent on writing converted weights, in ns; 0 where the cache had them or nothing needs converting. */
export function conversion_ns({ stages, cacheBytesWritten }: LoadStages): number {
  if (cacheBytesWritten === 0) return 0;
  return stages
    .filter(({ name }) => CONVERSION_STAGES.some((conversion) => conversion === name))
    .reduce((sum, { start_ns, end_ns }) => sum + end_ns - start_ns, 0);
}
