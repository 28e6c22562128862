/** A failure is data: why a launch or a repeat gave no number. */
import { z } from 'zod';

export const FAILURE_CAUSES = [
  'out-of-memory',
  'timeout',
  'unsupported',
  'crash',
  'protocol',
  'cancelled',
  'bad-checkpoint',
  'disk',
  'engine-error',
] as const;
export type FailureCause = (typeof FAILURE_CAUSES)[number];

export const failureSchema = z.strictObject({
  cause: z.enum(FAILURE_CAUSES),
  message: z.string(),
  /** The way out, where one is known. */
  hint: z.string().optional(),
  /** The last lines of the worker's stderr. */
  stderrTail: z.string().optional(),
});
export type Failure = z.infer<typeof failureSchema>;
