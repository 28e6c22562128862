/**
 * Errors that a user can act on: a stable code, one line of message, a hint (the way out) and an exit code.
 * Anything that is not a `HayasaError` is a defect of Hayasa and ends with exit code 1.
 */

/** Documented process exit codes (see `hayasa --help`). */
export const EXIT = {
  ok: 0,
  internal: 1,
  badInput: 2,
  refusedByPlan: 3,
  finishedWithFailures: 4,
  regression: 10,
  undecided: 11,
  invalidMeasurement: 12,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface HayasaErrorInit {
  /** Stable, kebab-case, e.g. `checkpoint/truncated`. */
  readonly code: string;
  /** One line that says what is wrong, with the offending value. */
  readonly message: string;
  /** What the user can do about it. */
  readonly hint?: string;
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

export class HayasaError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(init: HayasaErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'HayasaError';
    this.code = init.code;
    this.hint = init.hint;
    this.exitCode = init.exitCode ?? EXIT.badInput;
  }
}

/** One problem of an input file; a parse reports all of them at once. */
export interface Problem {
  /** Where: a dotted path such as `engines[1].options.threads`. */
  readonly path: string;
  readonly message: string;
  /** The offending value as text. */
  readonly value?: string;
  /** Allowed values or range, as text. */
  readonly allowed?: string;
  /** The nearest allowed value, where one is near. */
  readonly didYouMean?: string;
  /** 1-based position in the file, where known. */
  readonly line?: number;
  readonly column?: number;
}

/** Every problem of one input, reported together. */
export class ProblemsError extends HayasaError {
  readonly problems: readonly Problem[];

  constructor(what: string, problems: readonly Problem[], exitCode: ExitCode = EXIT.badInput) {
    super({
      code: 'input/problems',
      message: `${what}: ${problems.length} problem${problems.length === 1 ? '' : 's'}`,
      exitCode,
    });
    this.problems = problems;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Ends an exhaustive switch over a discriminated union. */
export function assertNever(value: never, what = 'value'): never {
  throw new HayasaError({
    code: 'internal/unreachable',
    message: `unexpected ${what}: ${JSON.stringify(value)}`,
    exitCode: EXIT.internal,
  });
}
