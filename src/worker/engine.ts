/**
 * What an npm engine implements: three blocking calls in the compute thread. `src/engines/<id>/worker.ts` exports
 * `createEngine`. The control thread (frames, cancel, deadline, orphan watchdog) is the same for all and lives here.
 */
import type { Host } from '../host/host.ts';
import type { GenerateRequest, Loaded, LoadRequest, Score, ScoreRequest } from '../protocol/frames.ts';
import type { Sample } from '../protocol/sample.ts';

export interface ComputeContext {
  /** Nanoseconds after the worker's origin, CLOCK_MONOTONIC. */
  now_ns(): number;
  /** True once the controller cancelled or the deadline passed: return what there is, with finish `cancelled`. */
  cancelled(): boolean;
  /** Reported to the controller; never called inside a timed region. */
  progress(stage: string, fraction: number): void;
  /** Called with each new token of a generation that somebody watches; undefined in a measured one. */
  readonly emit?: ((sequence: number, token: number) => void) | undefined;
}

export interface WorkerEngine {
  versions(): Readonly<Record<string, string>>;
  /** @throws FailureError */
  load(request: LoadRequest, context: ComputeContext): Loaded | Promise<Loaded>;
  /** Sets up its buffers before `call.start_ns` is taken. @throws FailureError */
  generate(request: GenerateRequest, context: ComputeContext): Sample;
  /** Only where the declaration says `logits`. @throws FailureError */
  score(request: ScoreRequest, context: ComputeContext): Score;
  unload(): void;
}

/** `version`: what a study writes behind the `@`, of an engine that has several builds. */
export type CreateEngine = (host: Host, version?: string) => WorkerEngine;
