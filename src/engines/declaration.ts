/**
 * What an engine says of itself before anything runs: pure data and pure functions. The study's parser, the plan, the
 * help, the generated docs and the reports read it; nothing else of an engine is imported by pure rooms.
 * A new engine is `src/engines/<id>/` with `declaration.ts` and `adapter.ts` (and `worker.ts` for npm engines), plus
 * one line in `declarations.ts`.
 */

import type { z } from 'zod';
import type { Cell } from '../axes/cell.ts';
import type { NpmBuild } from '../environments/npm-build.ts';
import type { Words } from '../kernel/language.ts';
import type { ModelFile } from '../models/model-file.ts';
import type { Precision, PrecisionName } from '../models/precision.ts';
import type { ModelShape } from '../models/shape.ts';

export interface EngineDeclaration {
  /** The folder's name. */
  readonly id: string;
  readonly title: string;
  /** One sentence for tables and help. */
  readonly summary: Words;
  /** Strict zod object; every option has a default and a `.describe()`. */
  readonly options: z.ZodObject;
  readonly precisions: readonly PrecisionSupport[];
  readonly capabilities: Capabilities;
  /** Whether this engine may support `cell` of `shape`; the reason names what to change. */
  supports(cell: Cell, shape: ModelShape): Support;
  /** Peak memory of the worker for `cell`, from exact counts plus a documented overhead. */
  estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate;
  /** Bytes that the engine writes to the cache before its first launch (0 where it reads the checkpoint as it is). */
  estimateCacheBytes(cell: Cell, shape: ModelShape): number;
  /** Variables that its worker starts with under these options, beside the thread counts: what libraries read once, at start. */
  environment?(options: Cell['options']): Readonly<Record<string, string>>;
  /** Whether each step of `cell` computes all earlier positions again (no KV cache). Default: no. */
  recomputes?(cell: Cell): boolean;
  /** How it runs model files of its own format (GGUF) as they are; absent where it has no such format. */
  readonly modelFiles?: ModelFileSupport;
  /**
   * Options of its plainest configuration, where it may serve as the reference of the correctness gate: the most
   * independent of the fast paths that are checked. Absent = never chosen unless a study names the engine.
   */
  readonly referenceOptions?: Readonly<Record<string, string | number | boolean>>;
  /**
   * What a reader must know who compares this engine with another one, as the rest of a sentence that begins with its
   * title; reports and comparisons that show both say it. Absent where speeds compare as they are.
   */
  readonly comparisonNote?: Words;
  /**
   * What cells with these options compute instead of the study's model; undefined where it is the model. Their tokens
   * are compared with no reference, and they compete for no answer.
   */
  otherWork?(options: Cell['options']): Words | undefined;
  /** Known exceptions of the conformance suite, by test name, each with its reason. */
  readonly conformanceExceptions: Readonly<Record<string, string>>;
  /** Version sets other than the first, by name; one that is not named here can do what the first can. */
  readonly versionDifferences?: Readonly<Record<string, VersionDifferences>>;
  readonly worker: WorkerKind;
}

/** What a version set lacks or does otherwise; read through `inVersionSet`. */
export interface VersionDifferences {
  /** Which versions these are and what they lack, in one sentence for documents. */
  readonly summary: Words;
  /** In the place of the declaration's own. */
  readonly precisions?: readonly PrecisionSupport[];
  readonly capabilities?: Partial<Capabilities>;
  /** Why these versions cannot run `cell` although the declaration can; undefined where they can. */
  lacks?(cell: Cell): Words | undefined;
  /** Options that differ from their defaults in the conformance suite, where these versions lack a default. */
  readonly plainOptions?: Readonly<Record<string, string | number | boolean>>;
  /** Beside the declaration's own. */
  readonly conformanceExceptions?: Readonly<Record<string, string>>;
}

/** Model files that need no description: the engine itself knows what is in them. */
export interface ModelFileSupport {
  /** What it makes of the weights as they are stored; its name is `file`. */
  readonly precision: PrecisionSupport;
  /** Whether it may support `cell` of `file`; the reason names what to change. */
  supports(cell: Cell, file: ModelFile): Support;
  /** Peak memory of the worker, from the file's own bytes plus a documented overhead. */
  estimateMemory(cell: Cell, file: ModelFile): MemoryEstimate;
}

/** How a worker is started. `in-process` is for engines on a virtual clock. */
export type WorkerKind =
  /** `builds`: libraries for other devices, installed on request and asked for as a version: `llama-cpp@cuda`. */
  | { readonly kind: 'node'; readonly builds?: readonly NpmBuild[] }
  /**
   * In an environment of its own. `versionSets`: what `id@version` may ask for, each with locks in `python/locks`; the
   * first is taken where no version is asked for. Empty for engines that are named only.
   */
  | { readonly kind: 'python'; readonly versionSets: readonly string[] }
  /** A program that its user builds: its own adapter says where it is and how a worker around it is started. */
  | { readonly kind: 'adapter' }
  | { readonly kind: 'in-process' };

export interface PrecisionSupport {
  readonly name: PrecisionName;
  /** What this engine really makes of it: the record may differ from the name's nominal one. */
  readonly effective: Precision;
  /** The engine's own word for it (`q8_0`, `DynamicQuantizeMatMul`, ...). */
  readonly ownName: string;
  readonly note: Words;
}

/** Documented facts; code branches on these, never on an engine's id. */
export interface Capabilities {
  readonly devices: readonly string[];
  readonly architectures: readonly ModelShape['architecture'][];
  readonly staticBatching: boolean;
  readonly continuousBatching: boolean;
  /** Prompts of different lengths in one batch. */
  readonly raggedPrompts: boolean;
  readonly naturalStop: boolean;
  /** Cells with `depthTokens` > 0. */
  readonly depth: boolean;
  /** Logits can be read: teacher-forced agreement and KL divergence are possible. */
  readonly logits: boolean;
  /** A running generation can be cancelled between steps. */
  readonly cancel: boolean;
  /** Tokens can be drawn by Hayasa's sampler (temperature, top-k, top-p, seed). Default: false, greedy only. */
  readonly sampling?: boolean;
  /** A generation can be watched by a profiler that knows operators. Default: false. */
  readonly profiler?: boolean;
}

/** Builds for other devices than those that an engine came with. */
export const buildsOf = ({ worker }: Pick<EngineDeclaration, 'worker'>): readonly NpmBuild[] =>
  worker.kind === 'node' ? (worker.builds ?? []) : [];

/** What `declaration` makes of a precision, that of model files included; undefined where it does not have it. */
export const precisionSupport = (
  declaration: Pick<EngineDeclaration, 'precisions' | 'modelFiles'>,
  name: PrecisionName,
): PrecisionSupport | undefined => allPrecisions(declaration).find((support) => support.name === name);

/** Every precision that a study may ask of the engine. */
export const allPrecisions = ({
  precisions,
  modelFiles,
}: Pick<EngineDeclaration, 'precisions' | 'modelFiles'>): readonly PrecisionSupport[] =>
  modelFiles === undefined ? precisions : [...precisions, modelFiles.precision];

export type Support =
  | { readonly kind: 'supported' }
  | { readonly kind: 'unsupported'; readonly reason: Words };

export const supported: Support = { kind: 'supported' };

export const unsupported = (reason: Words): Extract<Support, { kind: 'unsupported' }> => ({
  kind: 'unsupported',
  reason,
});

/** Why an engine refuses a precision. */
export const noPrecision = (title: string, precision: string): Words => ({
  en: `${title} has no ${precision}`,
  ja: `${title} に ${precision} はありません`,
});

/** Why an engine without `sampling` cannot draw tokens. */
export const greedyOnly = (title: string): Words => ({
  en: `${title} takes the most likely token only, here: leave temperature at 0`,
  ja: `${title} はここでは最も確率の高いトークンだけを選びます: temperature は 0 のままにしてください`,
});

export interface MemoryEstimate {
  readonly weightBytes: number;
  readonly kvCacheBytes: number;
  /** Activations, logits, runtime: a rule of thumb, documented in the engine's README. */
  readonly overheadBytes: number;
}

export const totalBytes = (estimate: MemoryEstimate): number =>
  estimate.weightBytes + estimate.kvCacheBytes + estimate.overheadBytes;
