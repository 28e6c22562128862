/** Carries a `Failure` through a throw inside a worker; the frame `failed` carries it out. */
import { asWords } from '../kernel/language.ts';
import type { Failure } from './failure.ts';

export class FailureError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(asWords(failure.message).en, cause === undefined ? undefined : { cause });
    this.name = 'FailureError';
    this.failure = failure;
  }
}
