/**
 * What the journal's records hold of a measurement: a sample, the machine's noise, memory, roofs, scores, the code that
 * measured. Stamps are nanoseconds after the launch's `origin_ns`.
 */
import { z } from 'zod';
import { eventRunSchema } from '../protocol/sample.ts';
import { NOISE_FIELDS, NOISE_FIGURES, type NoiseField } from './noise-figures.ts';

/** A whole number from 0 on. */
export const count: z.ZodNumber = z.number().int().nonnegative();

/** A sample as journalled: token ids are content-addressed by `tokensDigest` and stand once in a `tokens` record. */
export const journalSampleSchema = z.strictObject({
  call: z.strictObject({ start_ns: count, end_ns: count }),
  steps_ns: z.array(count),
  sequences: z.array(
    z.strictObject({
      inputTokens: count,
      intended_ns: count,
      queued_ns: count,
      sent_ns: count,
      events: z.array(eventRunSchema),
      end_ns: count,
      finish: z.enum(['length', 'stop', 'cancelled']),
      newTokens: count,
      computedPadding: count,
      computedPromptPadding: count.optional(),
    }),
  ),
  sampling_ns: count.optional(),
  /** Digest of all sequences' token ids, in order. */
  tokensDigest: z.string(),
});
export type JournalSample = z.infer<typeof journalSampleSchema>;

const noiseFields = Object.fromEntries(
  NOISE_FIELDS.map((field) => [
    field,
    (NOISE_FIGURES[field].quantity === 'count' ? count : z.number()).optional(),
  ]),
) as Record<NoiseField, z.ZodOptional<z.ZodNumber>>;

/**
 * The machine over a window: that of one repeat, or one of 2 s or more around a group of repeats with what Hayasa does
 * between them. Figures that could not be read here are absent; what they mean stands in `noise-figures.ts`.
 */
export const noiseSchema = z.strictObject({ window_ns: count, ...noiseFields });
export type Noise = z.infer<typeof noiseSchema>;

/** Why a repeat is marked as disturbed. */
export const disturbanceSchema = z.enum(['foreign-cpu', 'steal', 'memory-pressure']);
export type Disturbance = z.infer<typeof disturbanceSchema>;

/** Memory of the worker tree over one cell: high-water mark, reset between cells. */
export const memorySchema = z.strictObject({
  peakResidentBytes: count,
  residentBytes: count,
  /** Proportional set size at the end of the cell. */
  proportionalBytes: count.optional(),
  majorFaults: count.optional(),
});
export type CellMemory = z.infer<typeof memorySchema>;

/** What the machine can do at most: measured, not declared. */
export const roofsSchema = z.strictObject({
  memoryReadBytesPerSecond: z.number().positive().optional(),
  /** FLOP/s (a multiply-add counts 2) by compute dtype: `float32`, `int8`, ... */
  matrixMultiplyFlops: z.record(z.string(), z.number().positive()),
  threads: z.number().int().positive(),
});
export type Roofs = z.infer<typeof roofsSchema>;

/** Which code measured: what could be read of Hayasa's own folder. */
export const sourceSchema = z.strictObject({
  /** Checked-out git commit; changes that were not committed do not show. */
  commit: z.string().optional(),
  /** SHA-256 of package-lock.json: every npm package by content. */
  lockHash: z.string().optional(),
});
export type Source = z.infer<typeof sourceSchema>;

/** The first token of a sequence that is not the reference's. */
export const differenceSchema = z.strictObject({
  /** 0-based, as the position is. */
  sequence: count,
  position: count,
  /** ln p of its token less ln p of the reference's, behind the same tokens, by the engine that wrote it. */
  gap_nats: z.number(),
});
export type Difference = z.infer<typeof differenceSchema>;

/** What one loaded model gave over the windows of a text. */
export const qualityScoresSchema = z.strictObject({
  /** ln p of each window's tokens, summed over them. */
  logLikelihoods: z.array(z.number()),
  /** With the fp32 reference, over the first windows; absent where there is none, and in the reference itself. */
  agreement: z
    .strictObject({
      positions: z.number().int().positive(),
      /** Positions at which both have the same largest logit. */
      equalChoices: count,
      /** KL(reference || this) in nats. */
      meanKlDivergence: z.number(),
    })
    .optional(),
});
export type QualityScores = z.infer<typeof qualityScoresSchema>;
