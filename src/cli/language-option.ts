/**
 * The language of what people read: `--lang` anywhere on the command line, else `HAYASA_LANG`, else English. The locale
 * is not asked: output is pasted into issues and read by scripts, and must not change with the machine it came from.
 */
import { type Problem, ProblemsError } from '../kernel/errors.ts';
import { LANGUAGES, type Language, same, type Words } from '../kernel/language.ts';
import { nearest } from './suggest.ts';

const OPTION = '--lang';
const VARIABLE = 'HAYASA_LANG';

/** For help and docs. */
export const LANGUAGE_OPTION = {
  flags: `${OPTION} <LANGUAGE>`,
  summary: {
    en: `language of messages (${LANGUAGES.join(', ')}); default: the environment variable ${VARIABLE}, else en`,
    ja: `メッセージの言語（${LANGUAGES.join('、')}）。既定は環境変数 ${VARIABLE}、なければ en`,
  },
} as const;

export interface ChosenLanguage {
  readonly language: Language;
  /** The command line without the option. */
  readonly args: readonly string[];
}

/** @throws ProblemsError where the language is none of ours */
export function chooseLanguage(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ChosenLanguage {
  const end = args.indexOf('--');
  const own = end === -1 ? args : args.slice(0, end);
  const at = own.findLastIndex((word) => word === OPTION || word.startsWith(`${OPTION}=`));
  const word = own[at];
  if (word === undefined) {
    const named = environment[VARIABLE];
    return { language: named === undefined || named === '' ? 'en' : languageOf(VARIABLE, named), args };
  }
  const joined = word !== OPTION;
  const named = joined ? word.slice(OPTION.length + 1) : own[at + 1];
  return {
    language: languageOf(OPTION, named),
    args: chooseLanguage([...args.slice(0, at), ...args.slice(at + (joined ? 1 : 2))], {}).args,
  };
}

function languageOf(path: string, named: string | undefined): Language {
  const language = LANGUAGES.find((one) => one === named);
  if (language !== undefined) return language;
  const didYouMean = nearest(named ?? '', LANGUAGES);
  const problem: Problem = {
    path,
    message: named === undefined ? MISSING : NOT_ALLOWED,
    ...(named === undefined ? {} : { value: named }),
    allowed: same(LANGUAGES.join(', ')),
    ...(didYouMean === undefined ? {} : { didYouMean }),
  };
  throw new ProblemsError('hayasa', [problem]);
}

const MISSING: Words = { en: 'is missing', ja: '値がありません' };
const NOT_ALLOWED: Words = { en: 'is not allowed', ja: '使えない値です' };
