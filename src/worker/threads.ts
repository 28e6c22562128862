/** What the control thread and the compute thread of a worker say to each other. */
import type { WorkerFrame } from '../protocol/frames.ts';
import type { Answer, EngineRequest } from './answer.ts';

export interface ComputeInit {
  readonly engine: string;
  /** What was asked for behind the `@`. */
  readonly version: string | undefined;
  /** CLOCK_MONOTONIC; bigint survives the structured clone. */
  readonly origin_ns: bigint;
  /** Two int32, see `CANCELLED_ID` and `CANCEL_REASON`. */
  readonly cancel: SharedArrayBuffer;
}

/** Index of the id of the request that must end; 0 = none. */
export const CANCELLED_ID = 0;
/** Index of why: `REASON_CANCELLED` or `REASON_TIMEOUT`. */
export const CANCEL_REASON = 1;
export const REASON_CANCELLED = 1;
export const REASON_TIMEOUT = 2;

export type ToCompute = EngineRequest | { readonly kind: 'unload' };

export type FromCompute =
  | { readonly kind: 'started'; readonly versions: Readonly<Record<string, string>> }
  | Extract<WorkerFrame, { kind: 'progress' | 'tokens' }>
  | Answer
  | { readonly kind: 'unloaded' };
