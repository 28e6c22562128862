/** A failure is data: why a launch or a repeat gave no number. */
import { z } from 'zod';
import { same, type Words } from '../kernel/language.ts';
import { loadStagesSchema } from './conversion.ts';

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
  /** Of a load that had begun: what it had done, its stages (the last as far as it came) and bytes written to the cache. */
  partialLoad: loadStagesSchema.optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** A failure as the reason why something has no value, in the words of whoever failed. */
export const failureWords = ({ cause, message }: Pick<Failure, 'cause' | 'message'>): Words =>
  same(`${cause}: ${message}`);
