/**
 * What a run tells while it goes on: progress views and logs listen, nothing decides by it. Events are sent between
 * repeats, never inside a timed region. The journal, not this stream, is the record.
 */
import type { Words } from '../kernel/language.ts';
import type { FailureCause } from '../protocol/failure.ts';

export type RunEvent =
  | {
      readonly kind: 'run-planned';
      readonly cells: number;
      /** Launches still to do, all rounds together. */
      readonly launches: number;
      readonly estimated_ms: number;
      readonly budget_ms?: number;
      /** Launches that an earlier invocation of the same run finished. */
      readonly launchesBefore?: number;
    }
  /** Work beside measuring: preparing a checkpoint, quantising, measuring roofs. `fraction` in [0, 1]. */
  | { readonly kind: 'stage'; readonly name: Words; readonly fraction: number }
  /** `--quiet-gate`: a launch waits, or has waited, for other programs; nothing is said of a machine that is quiet at once. */
  | {
      readonly kind: 'quiet-gate';
      readonly state: 'waiting' | 'quiet' | 'bound-reached';
      readonly waited_ms: number;
      readonly bound_ms: number;
      /** CPU seconds per second of other programs in the last second. */
      readonly foreignCpuShare: number | undefined;
    }
  | {
      readonly kind: 'launch-started';
      readonly engine: string;
      readonly precision: string;
      readonly model?: string;
      /** 1-based. */
      readonly round: number;
      /** 1-based, of `of` launches in its round. */
      readonly index: number;
      readonly of: number;
    }
  | {
      readonly kind: 'repeat';
      readonly cellKey: string;
      /** What varies, for people: `batch 4`. */
      readonly label?: Words;
      /** New tokens per second of this repeat. */
      readonly throughput: number;
    }
  | { readonly kind: 'launch-ended'; readonly outcome: 'complete' | 'failed' | 'interrupted' }
  | {
      readonly kind: 'failure';
      readonly engine: string;
      readonly precision: string;
      readonly cellKey?: string;
      readonly label?: Words;
      readonly cause: FailureCause;
      readonly message: Words;
    }
  | { readonly kind: 'round-ended'; readonly round: number; readonly of: number }
  | { readonly kind: 'phase-changed'; readonly phase: 'explore' | 'confirm'; readonly reason: Words }
  /** The time or the number of launches that is left was reconsidered. */
  | { readonly kind: 'budget'; readonly remaining_ms: number; readonly launches?: number }
  | {
      readonly kind: 'finished';
      readonly outcome: 'complete' | 'budget' | 'interrupted';
      readonly elapsed_ms: number;
    };

export type OnRunEvent = (event: RunEvent) => void;
