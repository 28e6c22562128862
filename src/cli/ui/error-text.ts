/** Errors for people and for programs: the message, every problem with its place, the way out, the exit code. */
import {
  EXIT,
  type ExitCode,
  HayasaError,
  messageOf,
  type Problem,
  ProblemsError,
} from '../../kernel/errors.ts';
import type { Colors } from './terminal.ts';

export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly exitCode: ExitCode;
  readonly problems?: readonly Problem[];
}

/** What is known of anything that was thrown; what is not a `HayasaError` is a defect of Hayasa. */
export function errorReport(error: unknown): ErrorReport {
  if (!(error instanceof HayasaError)) {
    return {
      code: 'internal/defect',
      message: messageOf(error),
      hint: 'this is a defect of Hayasa: run again with HAYASA_DEBUG=1 for the stack',
      exitCode: EXIT.internal,
    };
  }
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    exitCode: error.exitCode,
    ...(error instanceof ProblemsError ? { problems: error.problems } : {}),
  };
}

/** One `error:` line, one line per problem, one `hint:` line. */
export function errorText(report: ErrorReport, colors: Colors): string {
  return [
    `${colors.red('error:')} ${report.message} ${colors.dim(`[${report.code}]`)}`,
    ...(report.problems ?? []).map((problem) => `  ${problemText(problem)}`),
    ...(report.hint === undefined ? [] : [`${colors.cyan('hint:')} ${report.hint}`]),
  ].join('\n');
}

/** `line 3:5  batch: is not allowed: "x" (allowed: ...); did you mean y?` */
export function problemText(problem: Problem): string {
  const { path, message, value, allowed, didYouMean, line, column } = problem;
  const place = line === undefined ? '' : `line ${line}${column === undefined ? '' : `:${column}`}  `;
  const parts = [
    `${place}${path === '' ? '' : `${path}: `}${message}`,
    value === undefined ? '' : `: ${JSON.stringify(value)}`,
    allowed === undefined ? '' : ` (allowed: ${allowed})`,
    didYouMean === undefined ? '' : `; did you mean ${didYouMean}?`,
  ];
  return parts.join('');
}
