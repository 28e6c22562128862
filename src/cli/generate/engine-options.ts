/** `--engine-options kvCache=off,groupSize=64` as an engine's own options, checked by its schema. */

import type { z } from 'zod';
import type { OptionValue } from '../../axes/cell.ts';
import type { EngineDeclaration } from '../../engines/declaration.ts';
import { type Problem, ProblemsError } from '../../kernel/errors.ts';
import { issueWords } from '../../kernel/issue-words.ts';
import { same } from '../../kernel/language.ts';
import { nearest } from '../suggest.ts';

/** Every option with its default filled in. @throws ProblemsError with every option that is not allowed */
export function engineOptions(
  { id, options }: EngineDeclaration,
  text: string | undefined,
): Readonly<Record<string, OptionValue>> {
  const names = Object.keys(options.shape);
  const given = Object.fromEntries(
    (text ?? '')
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map((pair) => {
        const [name = '', ...value] = pair.split('=');
        return [name.trim(), scalar(value.join('=').trim())];
      }),
  );
  const parsed = options.safeParse(given);
  if (!parsed.success) {
    throw new ProblemsError(
      `--engine-options of ${id}`,
      parsed.error.issues.flatMap((issue) => problemsOf(issue, names, given)),
    );
  }
  return parsed.data as Readonly<Record<string, OptionValue>>;
}

function problemsOf(
  issue: z.core.$ZodIssue,
  names: readonly string[],
  given: Readonly<Record<string, OptionValue>>,
): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const didYouMean = nearest(key, names);
      const allowed = same(names.join(', '));
      return {
        path: key,
        message: { en: 'no such option', ja: 'そのようなオプションはありません' },
        allowed,
        ...(didYouMean === undefined ? {} : { didYouMean }),
      };
    });
  }
  const path = issue.path.join('.');
  return [{ path, message: issueWords(issue), value: String(given[path]) }];
}

function scalar(text: string): OptionValue {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
