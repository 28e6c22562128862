/** What a baseline's process is asked to run, and its answers: one JSON line each way over descriptor 3. */
import { z } from 'zod';

export const BASELINE_KINDS = [
  'onnxruntime',
  'onnxruntime-node-copying',
  'onnxruntime-node-preallocated',
  'llama-cpp',
] as const;
export type BaselineKind = (typeof BASELINE_KINDS)[number];

export const workSchema = z.strictObject({
  /** Checkpoint folder, absolute. */
  modelPath: z.string(),
  precision: z.enum(['fp32', 'w8a8', 'w8', 'w4']),
  batch: z.number().int().positive(),
  /** Prompt tokens of each sequence. */
  input: z.number().int().positive(),
  /** New tokens of each sequence: at least 2, so that there is a decode step. */
  output: z.number().int().min(2),
  threads: z.number().int().positive(),
});
/** One point of the comparison: the same for both sides. */
export type Work = z.infer<typeof workSchema>;

export const jobSchema = z.strictObject({ kind: z.enum(BASELINE_KINDS), ...workSchema.shape });
export type Job = z.infer<typeof jobSchema>;

export const answerSchema = z.strictObject({
  /** From the first token of all sequences to the last. */
  decode_ns: z.number().positive(),
  /** The new tokens of each sequence. */
  tokens: z.array(z.array(z.number().int())),
});
/** One generation as either side reports it. */
export type Generation = z.infer<typeof answerSchema>;

/** The stretch of `output` - 1 decode steps: the last stamps, as a prefill may have given several. Nanoseconds. */
export function decodeTime_ns(steps_ns: readonly (number | bigint)[], output: number): number {
  const first = steps_ns.at(-output);
  const last = steps_ns.at(-1);
  if (first === undefined || last === undefined) throw new RangeError(`fewer than ${output} stamps`);
  return Number(BigInt(last) - BigInt(first));
}
