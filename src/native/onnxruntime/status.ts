/** Errors of the library: its code and message, carried as `OrtError`. */
import type { OrtFunctions, OutPointer, Pointer } from './api-table.ts';

/** Names of `OrtErrorCode` (onnxruntime_error_code.h), by value. */
const errorNames = [
  'OK',
  'FAIL',
  'INVALID_ARGUMENT',
  'NO_SUCHFILE',
  'NO_MODEL',
  'ENGINE_ERROR',
  'RUNTIME_EXCEPTION',
  'INVALID_PROTOBUF',
  'MODEL_LOADED',
  'NOT_IMPLEMENTED',
  'INVALID_GRAPH',
  'EP_FAIL',
  'MODEL_LOAD_CANCELED',
  'MODEL_REQUIRES_COMPILATION',
  'NOT_FOUND',
] as const;

export class OrtError extends Error {
  /** `OrtErrorCode` by name, or its number as text where it is newer than the table. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'OrtError';
    this.code = code;
  }
}

/** @throws OrtError unless `status` is null (success). */
export function check(functions: OrtFunctions, status: Pointer | null): void {
  if (status === null) return;
  const code = functions.GetErrorCode(status);
  const message = functions.GetErrorMessage(status);
  functions.ReleaseStatus(status);
  throw new OrtError(errorNames[code] ?? String(code), message);
}

/** The object that `create` writes into its out argument. @throws OrtError */
export function created(functions: OrtFunctions, create: (out: OutPointer) => Pointer | null): Pointer {
  const out: OutPointer = [null];
  check(functions, create(out));
  if (out[0] === null) throw new OrtError('FAIL', 'the library reported success but returned no object');
  return out[0];
}
