/**
 * A cell: one fully resolved combination of everything that a study can vary. Its key is a content hash of what was
 * *asked*; what an engine really did (effective settings) and under which conditions (lock, machine, versions) is
 * recorded beside it and never changes the key.
 */
import { contentHash } from '../kernel/canonical.ts';
import type { PrecisionName } from '../models/precision.ts';

export type OptionValue = string | number | boolean;

/**
 * When a sequence ends. `forced`: at exactly `outputTokens`; `natural`: with end-of-text; `drawn-...`: at a length that
 * is drawn for it from the study's seed, in [1, outputTokens].
 */
export const STOPS = ['forced', 'natural', 'drawn-uniform', 'drawn-geometric'] as const;
export type Stop = (typeof STOPS)[number];

export interface Cell {
  readonly task: 'generate';
  /** The model's name in the study. */
  readonly model: string;
  /** Content identity of the model: shape, and weights' origin (synthetic seed, or digest of the checkpoint's headers). */
  readonly modelHash: string;
  /** Id of the engine, and the version asked for where one was (`vllm@0.30.0`). */
  readonly engine: string;
  readonly engineVersion: string | undefined;
  /** The engine's own options, defaults filled in. */
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly precision: PrecisionName;
  readonly device: string;
  readonly threads: number;
  /** Prompt tokens per sequence, prefilled inside the timed region. */
  readonly inputTokens: number;
  /** New tokens per sequence (a maximum unless `stop` is forced). */
  readonly outputTokens: number;
  /** Tokens already in the KV cache when the timed region starts (llama-bench's depth). */
  readonly depthTokens: number;
  /** Sequences generated together (static), or requests in all (continuous). */
  readonly batch: number;
  readonly batching: 'static' | 'continuous';
  /** Slots of continuous batching; equals `batch` with static batching. */
  readonly slots: number;
  readonly stop: Stop;
  /** `equal`: all prompts have `inputTokens` tokens; `ragged`: lengths drawn from [inputTokens / 4, inputTokens]. */
  readonly promptLengths: 'equal' | 'ragged';
  /** Sampling (see `axes/sampling.ts`). Absent = greedy, and then the next three are absent too. */
  readonly temperature?: number;
  /** 0 = all tokens. */
  readonly topK?: number;
  /** 1 = all tokens. */
  readonly topP?: number;
  readonly samplingSeed?: number;
}

/** The content hash of what was asked: 16 hexadecimal digits. */
export function cellKey(cell: Cell): string {
  return contentHash(cell);
}

/** `vllm@0.30.0`, or the engine's id where no version was asked for. */
export const versionedEngine = ({ engine, engineVersion }: Pick<Cell, 'engine' | 'engineVersion'>): string =>
  engineVersion === undefined ? engine : `${engine}@${engineVersion}`;

/** What cells must share to be served by one launch (one process with one loaded model). */
export function launchIdentity(cell: Cell): LaunchIdentity {
  const { model, modelHash, engine, engineVersion, options, precision, device, threads } = cell;
  return { model, modelHash, engine, engineVersion, options, precision, device, threads };
}

export type LaunchIdentity = Pick<
  Cell,
  'model' | 'modelHash' | 'engine' | 'engineVersion' | 'options' | 'precision' | 'device' | 'threads'
>;
