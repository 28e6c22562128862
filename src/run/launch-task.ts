/** What a launch is given and what comes of it; `run-launch.ts` does it. */
import type { Cell } from '../axes/cell.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Executor, WorkerHandle } from '../executors/executor.ts';
import type { Failure } from '../protocol/failure.ts';
import type { GenerateRequest, LoadRequest } from '../protocol/frames.ts';
import type { CellContext, CellResult } from './measure-cell.ts';

/** A cell with what the worker is asked for. */
export interface LaunchCell {
  readonly cell: Cell;
  readonly cellKey: string;
  /** What the engine's declaration expects it to need. */
  readonly memoryBytes: number;
  readonly request: Omit<GenerateRequest, 'kind' | 'id'>;
  /** Repeats at most, beside the study's; undefined = the study's alone. */
  readonly repeatsAtMost?: number | undefined;
}

/** What one worker is started for. */
export interface LaunchTask {
  /** Unique within the run. */
  readonly launch: string;
  readonly round: number;
  readonly block: number;
  readonly position: number;
  readonly declaration: EngineDeclaration;
  readonly engineVersion: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly load: Omit<LoadRequest, 'kind' | 'id'>;
  /** In the order in which they are served. */
  readonly cells: readonly LaunchCell[];
  readonly startDeadline_ms: number;
  readonly loadDeadline_ms: number;
}

/** What a launch needs of the run. */
export interface LaunchContext extends Omit<CellContext, 'launch'> {
  readonly executor: Executor;
  readonly sync: () => void;
  readonly wallTime: () => string;
  /** Called with the living worker after a cell was measured, to check its outputs; gives what failed when the worker was asked. */
  readonly afterCell: (
    handle: WorkerHandle,
    cell: LaunchCell,
    result: CellResult,
  ) => Promise<Failure | undefined>;
  /** Called before each cell. */
  readonly onCell: (cell: LaunchCell) => void;
  /** Ends the running load or generation; `interrupted` is true from then on. */
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, fraction: number) => void;
  readonly onFailure: (failure: Failure, cellKey: string | undefined) => void;
}

/** What came of a launch, beside its records. */
export interface LaunchResult {
  readonly outcome: 'complete' | 'failed' | 'interrupted';
  /** Cells that a dead worker left unmeasured; they deserve a launch of their own. */
  readonly unserved: readonly LaunchCell[];
  /** Time of each cell that was measured, warm-up included: what the budget policy learns from. */
  readonly cellTimes_ms: ReadonlyMap<string, number>;
  /** Part of the total that further launches do not need again: conversion into the cache, teacher-forced scores. */
  readonly once_ms: number;
  readonly total_ms: number;
  /** Converted copies that the model was loaded from, relative to the cache folder. */
  readonly cacheEntries?: readonly string[];
}
