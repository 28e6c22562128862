/**
 * The seam for running a launch: here, in a process of this machine, in-process on a virtual clock, and later on another
 * machine. The run loop knows only this; every fault comes back as a value.
 */
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Failure } from '../protocol/failure.ts';
import type { GenerateRequest, Loaded, LoadRequest, Ready, Score, ScoreRequest } from '../protocol/frames.ts';
import type { Sample } from '../protocol/sample.ts';

export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface LaunchSpec {
  readonly declaration: EngineDeclaration;
  /** The version that was asked for, of an engine that has several. */
  readonly engineVersion?: string | undefined;
  /** Environment variables of the worker beside the inherited ones (threads, caches, ...). */
  readonly environment: Readonly<Record<string, string>>;
  /** From the request to `ready`. */
  readonly startDeadline_ms: number;
}

/** Marks the ends of a timed region on the controller's side: what it does before and after is its own. */
export interface Transfer {
  /** The request was written. */
  sent(): void;
  /** Bytes of the answer have arrived and were not decoded yet; the last call counts. */
  answered(): void;
}

/** A running worker. After an outcome with cause crash, timeout or protocol the worker is gone and only `stop` is left to call. */
export interface WorkerHandle {
  /** The root of the worker's process tree; undefined in-process. */
  readonly pid: number | undefined;
  readonly ready: Ready;
  /** CLOCK_MONOTONIC when the process was asked for, and when `ready` arrived. */
  readonly spawned_ns: bigint;
  readonly ready_ns: bigint;
  load(
    request: Omit<LoadRequest, 'kind' | 'id'>,
    deadline_ms: number,
    onProgress?: (stage: string, fraction: number) => void,
  ): Promise<Outcome<Loaded>>;
  /**
   * `onTokens` gets new tokens, each as [sequence, token id], where the request says `stream`. `transfer` is
   * told when the request has left and when its answer arrives.
   */
  generate(
    request: Omit<GenerateRequest, 'kind' | 'id'>,
    onTokens?: OnTokens,
    transfer?: Transfer,
  ): Promise<Outcome<Sample>>;
  score(request: Omit<ScoreRequest, 'kind' | 'id'>): Promise<Outcome<Score>>;
  /** Asks the running generation to end between two steps; its outcome is then a failure with cause `cancelled`. */
  cancel(): void;
  /** Graceful, then forceful; never throws. Resolves when no process of the tree is left. */
  stop(): Promise<StopReport>;
}

export type OnTokens = (tokens: readonly (readonly [sequence: number, token: number])[]) => void;

export interface StopReport {
  /** How it ended: `graceful` (said `bye`), or the signal that it took. */
  readonly ended: 'graceful' | 'terminated' | 'killed';
  /** The environment facts of `bye`, empty where it did not say so. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stderrTail: string;
}

export interface Executor {
  readonly id: string;
  start(spec: LaunchSpec): Promise<Outcome<WorkerHandle>>;
}
