/**
 * The plan as plain data: what runs, in which launches and blocks, what is left out and why, and what it will cost.
 * `make-plan.ts` makes it; the run loop, `hayasa plan` and the reports read it.
 */
import type { Cell, LaunchIdentity } from '../axes/cell.ts';
import type { MemoryEstimate } from '../engines/declaration.ts';
import type { Words } from '../kernel/language.ts';
import type { RecordedWords } from '../kernel/recorded-words.ts';
import type { ModelDescription } from '../models/description.ts';
import type { ModelFile } from '../models/model-file.ts';
import type { ModelShape } from '../models/shape.ts';
import type { CopyPlan } from './copies.ts';

/** A model of the study as the caller found it. */
export type PlanModel = PlanCheckpoint | PlanFile;

/** What feasibility asks of a model. */
export type FeasibleModel =
  | Pick<PlanCheckpoint, 'kind' | 'name' | 'shape'>
  | Pick<PlanFile, 'kind' | 'name' | 'file'>;

/** A checkpoint of an architecture that Hayasa describes. */
export interface PlanCheckpoint extends PlanModelBase {
  readonly kind: 'checkpoint';
  readonly shape: ModelShape;
  readonly description: ModelDescription;
}

/** A model file that engines of its format run as it is. */
export interface PlanFile extends PlanModelBase {
  readonly kind: 'file';
  readonly file: ModelFile;
}

interface PlanModelBase {
  /** Its name in the study. */
  readonly name: string;
  readonly modelHash: string;
  /** Bytes of the checkpoint on disk, or that it will have. */
  readonly checkpointBytes: number;
  /** Whether it must still be written (a synthetic checkpoint that is not in the cache). */
  readonly toBeWritten: boolean;
  /** Oddities of its files that do no harm, each as one line; absent where there are none. */
  readonly warnings?: readonly RecordedWords[];
}

/** What the plan must know of the machine. */
export interface PlanMachine {
  readonly logicalCpus: number;
  readonly availableMemoryBytes: number;
  readonly freeDiskBytes: number;
  /** GPUs that are called `cuda:0` and so on; undefined where their number cannot be told. */
  readonly cudaDevices?: number;
  /** What converted copies may take of the disk at a time; undefined: as much as there is, and none is removed. */
  readonly cacheLimitBytes?: number;
  /** Rates for the time estimates: measured roofs where known, else a cautious guess per thread. */
  readonly memoryReadBytesPerSecond: number | undefined;
  readonly float32Flops: number | undefined;
}

export interface PlannedCell {
  readonly cell: Cell;
  readonly cellKey: string;
  /** Name of the engine in tables: its label in the study, or its id. */
  readonly label: string;
  /** Ids of the experiments that it belongs to; empty in a study without any. */
  readonly experiments: readonly string[];
  /**
   * 0 = most important: by the study's priority, and within one priority by workload in the study's order, so that the
   * cells of one comparison are kept or dropped together.
   */
  readonly rank: number;
  readonly launchKey: string;
  readonly memory: MemoryEstimate;
  /** Expected time in one launch, warm-up and repeats; a rule of thumb until it was measured. */
  readonly estimated_ms: number;
}

export interface SkippedCell {
  readonly cell: Cell;
  readonly cellKey: string;
  readonly label: string;
  readonly experiments: readonly string[];
  /** `unsupported`: the engine cannot; `refused`: this machine has too little memory or disk; `unavailable`: not installed. */
  readonly kind: 'unsupported' | 'refused' | 'unavailable';
  /** The same words for all cells of one kind of obstacle: they are grouped by it. */
  readonly reason: Words;
  /** Where memory is too small for it. */
  readonly needs?: MemoryEstimate;
}

/** One process with one loaded model. Cells that share a load but not a block are launches of their own. */
export interface PlannedLaunch {
  readonly key: string;
  readonly identity: LaunchIdentity;
  /** In ascending memory. */
  readonly cells: readonly PlannedCell[];
  /**
   * Whether they may be served in any order: the largest takes at most half of the memory that is available, so that what
   * an engine keeps of it leaves room for the others. Else they are served in ascending memory.
   */
  readonly anyOrder: boolean;
  /** Expected start, load and stop. */
  readonly overhead_ms: number;
  /** Bytes that the engine writes to the cache before the first launch. */
  readonly cacheBytes: number;
}

export interface PlannedBlock {
  readonly block: number;
  /** Launch keys. */
  readonly launches: readonly string[];
}

export interface Plan {
  readonly cells: readonly PlannedCell[];
  readonly launches: readonly PlannedLaunch[];
  readonly blocks: readonly PlannedBlock[];
  readonly skipped: readonly SkippedCell[];
  /** Sentences for the reader: patterns that match nothing, blocks that take longer than they should. */
  readonly warnings: readonly Words[];
  readonly disk: {
    readonly checkpointBytes: number;
    readonly cacheBytes: number;
    readonly freeBytes: number;
  };
  /** Which models lose their converted copies, and when; undefined where none does. */
  readonly copies?: CopyPlan;
  /** Expected time of one round, and of the study's minimum of rounds. */
  readonly round_ms: number;
  readonly minimum_ms: number;
}

/** The launch that serves each cell, by cell key. */
export const launchesByCell = ({ launches }: Pick<Plan, 'launches'>): ReadonlyMap<string, PlannedLaunch> =>
  new Map(launches.flatMap((launch) => launch.cells.map(({ cellKey }) => [cellKey, launch] as const)));
