/**
 * Errors that a user can act on: a stable code, one line of message, a hint (the way out) and an exit code.
 * Anything that is not a `HayasaError` is a defect of Hayasa and ends with exit code 1.
 */

import { type Language, same, sayEnglish, type Words } from './language.ts';

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
  readonly message: Words;
  /** What the user can do about it. */
  readonly hint?: Words;
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

/** `message` and `hint` are English; `words` and `hintWords` hold them in every language. */
export class HayasaError extends Error {
  readonly code: string;
  readonly words: Words;
  readonly hintWords: Words | undefined;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(init: HayasaErrorInit) {
    super(sayEnglish(init.message), init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'HayasaError';
    this.code = init.code;
    this.words = init.message;
    this.hintWords = init.hint;
    this.hint = this.hintWords === undefined ? undefined : sayEnglish(this.hintWords);
    this.exitCode = init.exitCode ?? EXIT.badInput;
  }
}

/** One problem of an input file; a parse reports all of them at once. */
export interface Problem<Text = Words> {
  /** Where: a dotted path such as `engines[1].options.threads`. */
  readonly path: string;
  readonly message: Text;
  /** The offending value as text. */
  readonly value?: string;
  /** Allowed values or range, as text. */
  readonly allowed?: Text;
  /** The nearest allowed value, where one is near. */
  readonly didYouMean?: string;
  /** 1-based position in the file, where known. */
  readonly line?: number;
  readonly column?: number;
}

/** Every problem of one input, reported together. */
export class ProblemsError extends HayasaError {
  /** In English. */
  readonly problems: readonly Problem<string>[];
  /** In every language. */
  readonly problemWords: readonly Problem[];

  constructor(what: string, problems: readonly Problem[], exitCode: ExitCode = EXIT.badInput) {
    super({
      code: 'input/problems',
      message: {
        en: `${what}: ${problems.length} problem${problems.length === 1 ? '' : 's'}`,
        ja: `${what}: 問題 ${problems.length} 件`,
      },
      exitCode,
    });
    this.problems = problemTexts('en', problems);
    this.problemWords = problems;
  }
}

/** The same problems in one language. */
export const problemTexts = (language: Language, problems: readonly Problem[]): readonly Problem<string>[] =>
  problems.map(({ message, allowed, ...problem }) => ({
    ...problem,
    message: message[language],
    ...(allowed === undefined ? {} : { allowed: allowed[language] }),
  }));

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same in every language; what others than Hayasa throw has the words of whoever wrote it. */
export const wordsOf = (error: unknown): Words =>
  error instanceof HayasaError ? error.words : same(messageOf(error));

/** Ends an exhaustive switch over a discriminated union. */
export function assertNever(value: never, what = 'value'): never {
  throw new HayasaError({
    code: 'internal/unreachable',
    message: same(`unexpected ${what}: ${JSON.stringify(value)}`),
    exitCode: EXIT.internal,
  });
}
