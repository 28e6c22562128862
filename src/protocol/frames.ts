/**
 * The worker protocol, version 1: newline-delimited JSON, one frame per line, both directions over descriptor 3
 * (engines print to stdout and stderr, so neither carries frames). Two discriminated unions; every request carries an
 * `id` that its answer repeats. Python and Node workers speak the same frames (golden files test both sides).
 */
import { z } from 'zod';
import { PRECISION_NAMES } from '../models/precision.ts';
import { loadStagesSchema } from './conversion.ts';
import { failureSchema } from './failure.ts';
import { sampleSchema } from './sample.ts';
import { samplingSchema } from './sampling.ts';

export const PROTOCOL_VERSION = 1;
/** A longer line is a protocol failure. */
export const MAXIMUM_FRAME_BYTES: number = 64 * 1024 * 1024;

const id = z.number().int().nonnegative();
const tokenIds = z.array(z.number().int().nonnegative());
const optionValue = z.union([z.string(), z.number(), z.boolean()]);

/** Requested settings of one launch. Paths are absolute. */
export const loadRequestSchema = z.strictObject({
  kind: z.literal('load'),
  id,
  /** Folder with config.json and safetensors, or one GGUF file. */
  modelPath: z.string(),
  precision: z.enum(PRECISION_NAMES as [string, ...string[]]),
  options: z.record(z.string(), optionValue),
  threads: z.number().int().positive(),
  device: z.string(),
  /** Where converted or quantised copies are kept, by content hash. */
  cacheFolder: z.string(),
  /** The largest cell of the launch, for engines that reserve at load. */
  limits: z.strictObject({
    slots: z.number().int().positive(),
    positionsPerSlot: z.number().int().positive(),
  }),
});

export const generateRequestSchema = z.strictObject({
  kind: z.literal('generate'),
  id,
  /** One prompt per sequence (ids); lengths may differ. */
  prompts: z.array(tokenIds.min(1)).min(1),
  /** Tokens per sequence put into the KV cache before the timed region starts. 0 = none. */
  depthTokens: z.number().int().nonnegative(),
  /** Maximum of new tokens, per sequence. */
  outputTokens: z.array(z.number().int().positive()).min(1),
  batching: z.enum(['static', 'continuous']),
  slots: z.number().int().positive(),
  /** End-of-text ids for natural stop; empty = forced length. */
  stopTokens: tokenIds,
  /** Tokens are drawn; absent = greedy (only where the declaration says `sampling`). */
  sampling: samplingSchema.optional(),
  /** Tokens are also sent as they come: for a reader who watches, never in a measured generation. Default: false. */
  stream: z.boolean().optional(),
  /**
   * The engine's own profiler watches the decode steps (only where the declaration says `profiler`, static batching).
   * Afterwards the model must be loaded again. Default: false.
   */
  profile: z.boolean().optional(),
  /** The engine's own timers are read too, where it has any (static batching): never in a measured generation. Default: false. */
  engineTimers: z.boolean().optional(),
  /** The worker cancels itself and answers `failed` (timeout) after this long. */
  deadline_ms: z.number().int().positive(),
});

/** Teacher-forced agreement: each continuation is fed as if the model had written it. */
export const scoreRequestSchema = z.strictObject({
  kind: z.literal('score'),
  id,
  prompts: z.array(tokenIds.min(1)).min(1),
  continuations: z.array(tokenIds.min(1)).min(1),
  /** float32 logits [sequence, position, vocabulary], written by the reference and read by the others. */
  logitsFile: z.strictObject({ path: z.string(), mode: z.enum(['write', 'compare']) }).optional(),
  deadline_ms: z.number().int().positive(),
});

export const controllerFrameSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hello'), protocol: z.number().int(), engine: z.string() }),
  loadRequestSchema,
  generateRequestSchema,
  scoreRequestSchema,
  z.strictObject({ kind: z.literal('cancel'), id }),
  z.strictObject({ kind: z.literal('shutdown') }),
]);

/** Settings as the engine really applied them. */
export const effectiveSchema = z.strictObject({
  precision: z.strictObject({
    weights: z.string(),
    activations: z.string(),
    kvCache: z.string(),
    compute: z.string(),
    groupSize: z.number().int().optional(),
  }),
  threads: z.number().int().positive(),
  /** Anything else worth comparing: attention kernel, dtype census, graph level, prepacking, ... */
  settings: z.record(z.string(), optionValue),
});
export type Effective = z.infer<typeof effectiveSchema>;

export const scoreSchema = z.strictObject({
  /** Positions at which the engine's argmax equals the continuation's token. */
  equalPositions: z.number().int().nonnegative(),
  positions: z.number().int().positive(),
  /** Mean KL(reference || this) in nats over all positions; absent without a reference file. */
  meanKlDivergence: z.number().optional(),
  /** Positions at which the engine's argmax equals that of the reference's logits; absent without a reference file. */
  equalChoices: z.number().int().nonnegative().optional(),
  /** ln p(continuation | prompt), summed over its tokens, of each continuation; absent where an engine has no logits. */
  logLikelihoods: z.array(z.number()).optional(),
});
export type Score = z.infer<typeof scoreSchema>;

export const workerFrameSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ready'),
    protocol: z.number().int(),
    engine: z.string(),
    pid: z.number().int().positive(),
    /** CLOCK_MONOTONIC at the worker's origin, decimal text. All stamps count from here. */
    origin_ns: z.string().regex(/^\d+$/),
    versions: z.record(z.string(), z.string()),
    /** Facts that may change a result: thread variables, locale, library path, ... */
    environment: z.record(z.string(), z.string()),
  }),
  z.strictObject({ kind: z.literal('progress'), id, stage: z.string(), fraction: z.number().min(0).max(1) }),
  z.strictObject({
    kind: z.literal('loaded'),
    id,
    effective: effectiveSchema,
    ...loadStagesSchema.shape,
    /**
     * Converted copies that the model was loaded from, as entries of the cache folder (`gguf/0123-f32.gguf`): they can be
     * removed and made again. Absent where it was loaded from the checkpoint itself.
     */
    cacheEntries: z.array(z.string()).optional(),
  }),
  /** Only where `stream` was asked for: the next tokens, each as [sequence, token id], in order. */
  z.strictObject({
    kind: z.literal('tokens'),
    id,
    tokens: z.array(z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()])),
  }),
  z.strictObject({ kind: z.literal('sample'), id, sample: sampleSchema }),
  z.strictObject({ kind: z.literal('scored'), id, score: scoreSchema }),
  z.strictObject({ kind: z.literal('failed'), id, failure: failureSchema }),
  z.strictObject({ kind: z.literal('bye'), environment: z.record(z.string(), z.string()) }),
]);

export type ControllerFrame = z.infer<typeof controllerFrameSchema>;
export type WorkerFrame = z.infer<typeof workerFrameSchema>;
export type LoadRequest = z.infer<typeof loadRequestSchema>;
export type GenerateRequest = z.infer<typeof generateRequestSchema>;
export type ScoreRequest = z.infer<typeof scoreRequestSchema>;
export type Loaded = Omit<Extract<WorkerFrame, { kind: 'loaded' }>, 'kind' | 'id'>;
export type Ready = Extract<WorkerFrame, { kind: 'ready' }>;
