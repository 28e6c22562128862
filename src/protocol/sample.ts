/**
 * The raw record of one measured generation: monotonic stamps of every event, never a summary.
 * All stamps are integer nanoseconds after the worker's `origin_ns` (CLOCK_MONOTONIC), so they are exact in JSON.
 * Shapes: S = sequences of the call, N = token events of a sequence.
 */
import { z } from 'zod';

const ns = z.number().int().nonnegative();

/**
 * Token events that follow one another in `steps_ns`: step `firstStep + i` gave this sequence `tokensPerStep` tokens,
 * for i in [0, steps). One decode step of a batch is one stamp shared by all its sequences.
 */
export const eventRunSchema = z.strictObject({
  firstStep: z.number().int().nonnegative(),
  steps: z.number().int().positive(),
  tokensPerStep: z.number().int().positive(),
});

export interface EventRun {
  readonly firstStep: number;
  readonly steps: number;
  readonly tokensPerStep: number;
}

export const sequenceSampleSchema = z.strictObject({
  inputTokens: z.number().int().nonnegative(),
  /** When the schedule wanted it sent; equals `sent_ns` for library use. */
  intended_ns: ns,
  /** When it entered the engine's queue (continuous batching beyond the slots). */
  queued_ns: ns,
  /** When its prefill was started. */
  sent_ns: ns,
  events: z.array(eventRunSchema),
  /** Return of its last token, or of the failure. */
  end_ns: ns,
  finish: z.enum(['length', 'stop', 'cancelled']),
  /** New token ids, up to and including the first end-of-text. */
  tokens: z.array(z.number().int().nonnegative()),
  /** Positions computed after the sequence had ended (static batching with unequal lengths): useless work. */
  computedPadding: z.number().int().nonnegative(),
  /** Positions that its prefill computed beyond its prompt, up to the longest of the batch; absent where unknown. */
  computedPromptPadding: z.number().int().nonnegative().optional(),
});
export type SequenceSample = z.infer<typeof sequenceSampleSchema>;

/** Where the time of decode steps went, by the engine's own profiler. Watching costs time: never of a measured generation. */
export const profileSchema = z.strictObject({
  /** Decode steps that were watched. */
  steps: z.number().int().positive(),
  /** Their time inside the engine, together. */
  elapsed_ns: ns,
  /** Kernels by operator, over all steps together; what they leave of `elapsed_ns` is idle. */
  operators: z.array(z.strictObject({ name: z.string(), calls: z.number().int().positive(), time_ns: ns })),
  /** Which profiler, and what its times mean. */
  method: z.string(),
});
export type Profile = z.infer<typeof profileSchema>;

/**
 * What the engine's own timers say of the same call, for the comparison of both. Reading them may cost time: never of a
 * measured generation.
 */
export const engineTimersSchema = z.strictObject({
  /** From the start of the call to the first token of all sequences; absent where the engine does not time it. */
  prefill_ns: ns.optional(),
  /** From the first token of all sequences to the last. */
  decode_ns: ns,
  /** Which timers, and what their times mean. */
  method: z.string(),
});
export type EngineTimers = z.infer<typeof engineTimersSchema>;

export const sampleSchema = z.strictObject({
  /** The engine's own `generate` call. */
  call: z.strictObject({ start_ns: ns, end_ns: ns }),
  /** Ascending stamps at which tokens reached the host. */
  steps_ns: z.array(ns),
  sequences: z.array(sequenceSampleSchema).min(1),
  /** Time in the sampler, over all steps; only where tokens were drawn and the engine times it. */
  sampling_ns: ns.optional(),
  /** Only where `profile` was asked for. */
  profile: profileSchema.optional(),
  /** Only where `engineTimers` was asked for, and the engine has timers of its own. */
  engineTimers: engineTimersSchema.optional(),
});
export type Sample = z.infer<typeof sampleSchema>;

/** The stamps of one sequence's token events, with the tokens of each. */
export function* tokenEvents(
  sample: { readonly steps_ns: readonly number[] },
  sequence: { readonly events: readonly EventRun[] },
): Generator<{ readonly ns: number; readonly tokens: number }> {
  for (const run of sequence.events) {
    for (let i = 0; i < run.steps; i += 1) {
      const stamp = sample.steps_ns[run.firstStep + i];
      if (stamp !== undefined) yield { ns: stamp, tokens: run.tokensPerStep };
    }
  }
}
