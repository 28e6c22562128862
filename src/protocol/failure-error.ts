/** Carries a `Failure` through a throw inside a worker; the frame `failed` carries it out. */
import type { Failure } from './failure.ts';

export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.name = 'FailureError';
    this.failure = failure;
  }
}
