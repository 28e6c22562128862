/** What the process that measures roofs is asked and what it answers: one JSON line per measurement, on descriptor 3. */
import { z } from 'zod';
import { MULTIPLY_DTYPES, type MultiplyDtype } from './graphs.ts';

export interface RoofRequest {
  readonly threads: number;
  /** Size of the buffer of the memory read in bytes. */
  readonly bufferBytes: number;
  /** Side of the square matrices; a multiple of 32. */
  readonly size: number;
  readonly dtypes: readonly MultiplyDtype[];
  readonly minimumRepeats: number;
  /** Per measurement. */
  readonly duration_ms: number;
}

const words = z.strictObject({ en: z.string(), ja: z.string() });

/** `memory` in bytes per second, a dtype in FLOP/s. */
export const roofMeasurementSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('measured'),
    what: z.enum(['memory', ...MULTIPLY_DTYPES]),
    rate: z.number().positive(),
    method: words,
  }),
  z.strictObject({
    kind: z.literal('failed'),
    what: z.enum(['memory', ...MULTIPLY_DTYPES]),
    reason: words,
  }),
]);
export type RoofMeasurement = z.infer<typeof roofMeasurementSchema>;
