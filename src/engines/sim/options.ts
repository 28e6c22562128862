/** Options of the sim engine: its cost model, its noise and its faults. Durations are nanoseconds. */
import { z } from 'zod';

export const NOISE_MODELS = [
  'none',
  'white',
  'autocorrelated',
  'drift',
  'step',
  'heavy-tailed',
  'bimodal',
  'bursts',
] as const;
export type NoiseModel = (typeof NOISE_MODELS)[number];

export const FAULTS = [
  'none',
  'crash',
  'hang',
  'deaf',
  'nonsense',
  'flood-stderr',
  'wrong-tokens',
  'exit-at-load',
  'hang-at-load',
] as const;
export type Fault = (typeof FAULTS)[number];

const duration = z.number().nonnegative();

export const simOptions = z.strictObject({
  load_ns: duration.default(50_000_000).describe('time to load the model'),
  prefill_ns: duration.default(100_000).describe('prefill, per prompt token'),
  step_ns: duration
    .default(10_000_000)
    .describe('one decode step with 32-bit weights; scales with the bits per weight'),
  sequence_ns: duration.default(500_000).describe('one decode step, per sequence in it'),
  threadScaling: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('exponent of the speed-up by threads: durations are divided by threads^threadScaling'),
  noise: z.enum(NOISE_MODELS).default('none').describe('how durations of generations vary'),
  noiseScale: z
    .number()
    .nonnegative()
    .default(0.05)
    .describe('size of the noise, as a share of the duration'),
  noisePeriod_ms: z
    .number()
    .positive()
    .default(10_000)
    .describe('time scale of drift, step and bursts, counted on the clock of the machine'),
  launchScale: z
    .number()
    .nonnegative()
    .default(0)
    .describe('standard deviation of the log of a factor that each launch has for itself'),
  noiseSeed: z.number().int().default(0).describe('seed of every random draw'),
  outOfMemoryAbove: z
    .number()
    .int()
    .positive()
    .default(1_000_000)
    .describe('batches beyond this many sequences end with out of memory'),
  fault: z.enum(FAULTS).default('none').describe('what goes wrong'),
  faultAt: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('the generation (0-based) at which it goes wrong; faults at load ignore it'),
  cacheBytes: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('size of a converted copy that it keeps in the cache, one for each precision; absent: none'),
  vocabularySize: z
    .number()
    .int()
    .positive()
    .default(50_000)
    .describe('token ids, where the model has no config.json'),
  maximumPositions: z
    .number()
    .int()
    .positive()
    .default(1_000_000)
    .describe('positions of a sequence, where the model has no config.json'),
});
export type SimOptions = z.infer<typeof simOptions>;
