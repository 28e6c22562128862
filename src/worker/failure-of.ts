/** Anything that an engine throws, as the failure that the journal records. */
import { HayasaError, messageOf } from '../kernel/errors.ts';
import type { Failure, FailureCause } from '../protocol/failure.ts';
import { FailureError } from '../protocol/failure-error.ts';
import { ASK_FOR_LESS, saysOutOfMemory } from '../protocol/out-of-memory.ts';

/** Causes by the family of an error's code (`checkpoint/truncated` -> `checkpoint`). */
const CAUSE_BY_FAMILY: Readonly<Record<string, FailureCause>> = {
  checkpoint: 'bad-checkpoint',
  model: 'bad-checkpoint',
  safetensors: 'bad-checkpoint',
  gguf: 'bad-checkpoint',
};

const CAUSE_BY_CODE: Readonly<Record<string, FailureCause>> = {
  'file/disk-full': 'disk',
  'file/no-permission': 'disk',
  'file/failed': 'disk',
  'file/missing': 'bad-checkpoint',
  'file/not-readable': 'bad-checkpoint',
  'file/truncated': 'bad-checkpoint',
  'file/cycle': 'bad-checkpoint',
};

export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  const message = messageOf(error);
  if (error instanceof HayasaError) {
    const family = error.code.split('/')[0] ?? '';
    return {
      cause: CAUSE_BY_CODE[error.code] ?? CAUSE_BY_FAMILY[family] ?? 'engine-error',
      message: error.words,
      ...(error.hintWords === undefined ? {} : { hint: error.hintWords }),
    };
  }
  if (isOutOfMemory(error)) {
    return { cause: 'out-of-memory', message, hint: ASK_FOR_LESS };
  }
  return { cause: 'engine-error', message };
}

function isOutOfMemory(error: unknown): boolean {
  const code: unknown = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return saysOutOfMemory(`${messageOf(error)} ${typeof code === 'string' ? code : ''}`);
}
