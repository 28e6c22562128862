/**
 * The journal's records, schema version 2: one fact per line, append-only. Everything else (metrics, tables, reports)
 * is derived from these and can be deleted. Stamps are nanoseconds after the launch's `origin_ns`.
 */
import { z } from 'zod';
import { recordedWordsSchema } from '../kernel/recorded-words.ts';
import { failureSchema } from '../protocol/failure.ts';
import { effectiveSchema, scoreSchema } from '../protocol/frames.ts';
import {
  count,
  differenceSchema,
  disturbanceSchema,
  journalSampleSchema,
  memorySchema,
  noiseSchema,
  qualityScoresSchema,
  roofsSchema,
  sourceSchema,
} from './record-parts.ts';

export const JOURNAL_VERSION = 2;

/** CLOCK_MONOTONIC, decimal text. */
const monotonic = z.string().regex(/^\d+$/);

const launch = z.string();
/** `explore`: ordinary rounds; `confirm`: fresh blocks that re-measure the winner and its rival. */
const phase = z.enum(['explore', 'confirm']);

export const recordSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run-started'),
    journal: z.literal(JOURNAL_VERSION),
    runId: z.string(),
    hayasa: z.string(),
    wallTime: z.string(),
    budget_ms: count.optional(),
    source: sourceSchema.optional(),
    /** Rounds after which all cells were looked at, and the run stopped where they answered its question. */
    looks: z.strictObject({ first: count, maximum: count }).optional(),
  }),
  z.strictObject({
    kind: z.literal('roofs'),
    roofs: roofsSchema,
    scope: z.enum(['run', 'launch']),
    launch: launch.optional(),
  }),
  z.strictObject({
    /** The wait for a quiet machine before a launch; written before its `launch-started`. */
    kind: z.literal('quiet-gate'),
    launch,
    outcome: z.enum(['quiet', 'bound-reached', 'not-readable', 'interrupted']),
    waited_ns: count,
    /** The last second of the wait. */
    noise: noiseSchema,
  }),
  z.strictObject({
    kind: z.literal('launch-started'),
    launch,
    phase,
    round: count,
    block: count,
    position: count,
    cellKeys: z.array(z.string()),
    /** Repeats at most by cell key, where they were chosen from earlier rounds (adaptive rounds). */
    repeatsAtMost: z.record(z.string(), count).optional(),
    requested_ns: monotonic,
    wallTime: z.string(),
  }),
  z.strictObject({
    kind: z.literal('launch-ready'),
    launch,
    pid: z.number().int(),
    origin_ns: monotonic,
    ready_ns: monotonic,
    versions: z.record(z.string(), z.string()),
    environment: z.record(z.string(), z.string()),
  }),
  z.strictObject({
    kind: z.literal('launch-loaded'),
    launch,
    requested_ns: monotonic,
    loaded_ns: monotonic,
    effective: effectiveSchema,
    stages: z.array(
      z.strictObject({ name: z.string(), start_ns: z.number().int(), end_ns: z.number().int() }),
    ),
    cacheBytesWritten: count,
    /** Converted copies that it was loaded from, relative to the cache folder. */
    cacheEntries: z.array(z.string()).optional(),
  }),
  z.strictObject({
    kind: z.literal('warmed-up'),
    launch,
    cellKey: z.string(),
    generations: count,
    steady: z.boolean(),
    /** Time of each warm-up generation. */
    durations_ns: z.array(count),
  }),
  /** The prompts of one model, length and number of tokens; only where they were cut from a text. */
  z.strictObject({
    kind: z.literal('prompts'),
    model: z.string(),
    lengths: z.enum(['equal', 'ragged']),
    inputTokens: count,
    text: z.strictObject({ name: z.string(), hash: z.string() }),
    tokenizer: z.strictObject({ kind: z.string(), hash: z.string() }),
    /** The template around them, where they are messages of a chat; its tokens around one letter. */
    chat: z.strictObject({ templateHash: z.string(), templateTokens: count }).optional(),
    /** By sequence; a cell of batch b was fed the first b. */
    tokens: z.array(z.array(count)),
    texts: z.array(z.string()),
  }),
  /** The tokenizer over the prompts of a cell, timed before the launch's worker starts. */
  z.strictObject({
    kind: z.literal('tokenised'),
    launch,
    cellKey: z.string(),
    characters: count,
    tokens: count,
    elapsed_ns: count,
  }),
  /** Characters (code points) of generated tokens, all sequences together; counted after the launch. */
  z.strictObject({
    kind: z.literal('decoded'),
    model: z.string(),
    tokensDigest: z.string(),
    characters: count,
  }),
  z.strictObject({ kind: z.literal('tokens'), tokensDigest: z.string(), tokens: z.array(z.array(count)) }),
  z.strictObject({
    kind: z.literal('repeat'),
    launch,
    phase,
    cellKey: z.string(),
    /** 0-based within (launch, cell). */
    repeat: count,
    sample: journalSampleSchema,
    /** The machine during the repeat. */
    noise: noiseSchema.optional(),
    /** Why it is marked as disturbed; absent where it is not. */
    disturbedBy: z.array(disturbanceSchema).min(1).optional(),
    /** The disturbed repeat that this one measures again. */
    remeasures: count.optional(),
  }),
  z.strictObject({
    kind: z.literal('cell-measured'),
    launch,
    cellKey: z.string(),
    noise: noiseSchema,
    memory: memorySchema.optional(),
    memoryMissing: recordedWordsSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('agreement'),
    cellKey: z.string(),
    launch,
    /** `equal-tokens`: free-running greedy tokens against the reference; `teacher-forced`: argmax share and KL. */
    method: z.enum(['equal-tokens', 'teacher-forced']),
    score: scoreSchema,
    /** Of `equal-tokens`: where sequences part from the reference; absent where none does, too many do, or it could not be asked. */
    differences: z.array(differenceSchema).min(1).optional(),
    referenceDigest: z.string(),
  }),
  /** How well one loaded model predicts a text; the latest of a launch identity counts. */
  z.strictObject({
    kind: z.literal('quality'),
    /** Cells that this loaded model serves; none for the reference. */
    cellKeys: z.array(z.string()),
    model: z.string(),
    /** Content hash of the launch identity. */
    identity: z.string(),
    role: z.enum(['reference', 'cells']),
    text: z.strictObject({ name: z.string(), hash: z.string(), characters: count }),
    /** Absent, with the reason, where nothing was measured. */
    measured: z
      .strictObject({
        tokenizer: z.strictObject({ kind: z.string(), hash: z.string() }),
        /** Whether the tokenizer gives the text back exactly. */
        comesBack: z.boolean(),
        contextTokens: count,
        windows: z.array(z.strictObject({ characters: count, tokens: count })),
        scores: qualityScoresSchema,
      })
      .optional(),
    missing: recordedWordsSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('failure'),
    launch,
    cellKey: z.string().optional(),
    failure: failureSchema,
  }),
  /** A reference of the correctness gate that was not made for want of time: no fault of its engine. */
  z.strictObject({
    kind: z.literal('reference-left-out'),
    /** Name of the model; its cells are not checked. */
    model: z.string(),
    reason: recordedWordsSchema,
  }),
  z.strictObject({
    kind: z.literal('launch-ended'),
    launch,
    outcome: z.enum(['complete', 'failed', 'interrupted']),
    environment: z.record(z.string(), z.string()),
  }),
  /** Converted copies that were removed from the cache: nothing of the round, or of the run, needed them any more. */
  z.strictObject({ kind: z.literal('copies-removed'), entries: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal('cell-dropped'),
    cellKey: z.string(),
    reason: recordedWordsSchema,
  }),
  /** The cell needs no further launch of the ordinary rounds. */
  z.strictObject({
    kind: z.literal('cell-settled'),
    cellKey: z.string(),
    launches: count,
    why: z.enum(['narrow', 'slower', 'equivalent', 'rivals-decided']),
    /** Cell key of the faster, or equal, rival. */
    than: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('run-ended'),
    outcome: z.enum(['complete', 'budget', 'interrupted']),
    wallTime: z.string(),
    elapsed_ns: count,
  }),
]);
export type JournalRecord = z.infer<typeof recordSchema>;
