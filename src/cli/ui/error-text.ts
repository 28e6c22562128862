/** Errors for people and for programs: the message, every problem with its place, the way out, the exit code. */
import {
  EXIT,
  type ExitCode,
  HayasaError,
  messageOf,
  type Problem,
  ProblemsError,
  problemTexts,
} from '../../kernel/errors.ts';
import { type Language, type Say, sayIn, type Words } from '../../kernel/language.ts';
import type { Colors } from './terminal.ts';

export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly exitCode: ExitCode;
  readonly problems?: readonly Problem<string>[];
}

const DEFECT_HINT: Words = {
  en: 'this is a defect of Hayasa: run again with HAYASA_DEBUG=1 for the stack',
  ja: 'Hayasa の欠陥です: HAYASA_DEBUG=1 を付けてもう一度実行するとスタックが出ます',
};

/** What is known of anything that was thrown; what is not a `HayasaError` is a defect of Hayasa. */
export function errorReport(error: unknown, language: Language): ErrorReport {
  const say = sayIn(language);
  if (!(error instanceof HayasaError)) {
    return {
      code: 'internal/defect',
      message: messageOf(error),
      hint: say(DEFECT_HINT),
      exitCode: EXIT.internal,
    };
  }
  return {
    code: error.code,
    message: say(error.words),
    ...(error.hintWords === undefined ? {} : { hint: say(error.hintWords) }),
    exitCode: error.exitCode,
    ...(error instanceof ProblemsError ? { problems: problemTexts(language, error.problemWords) } : {}),
  };
}

/** One `error:` line, one line per problem, one `hint:` line. */
export function errorText(report: ErrorReport, colors: Colors, say: Say): string {
  return [
    `${colors.red(say({ en: 'error:', ja: 'エラー:' }))} ${report.message} ${colors.dim(`[${report.code}]`)}`,
    ...(report.problems ?? []).map((problem) => `  ${problemText(problem, say)}`),
    ...(report.hint === undefined
      ? []
      : [`${colors.cyan(say({ en: 'hint:', ja: 'ヒント:' }))} ${report.hint}`]),
  ].join('\n');
}

/** `line 3:5  batch: is not allowed: "x" (allowed: ...); did you mean y?` */
export function problemText(problem: Problem<string>, say: Say): string {
  const { path, message, value, allowed, didYouMean, line, column } = problem;
  const place = line === undefined ? '' : `${line}${column === undefined ? '' : `:${column}`}`;
  const parts = [
    place === '' ? '' : say({ en: `line ${place}  `, ja: `${place} 行目  ` }),
    `${path === '' ? '' : `${path}: `}${message}`,
    value === undefined ? '' : `: ${quoted(value)}`,
    allowed === undefined ? '' : say({ en: ` (allowed: ${allowed})`, ja: `（使えるもの: ${allowed}）` }),
    didYouMean === undefined
      ? ''
      : say({ en: `; did you mean ${didYouMean}?`, ja: `。もしかして ${didYouMean} ですか?` }),
  ];
  return parts.join('');
}

/** A value in quotes; one that is a list or an object in JSON as it is. */
const quoted = (value: string): string => (/^[[{]/.test(value) ? value : JSON.stringify(value));
