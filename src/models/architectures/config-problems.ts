/** Issues of a zod parse as problems with path, value and allowed values, for files that come from elsewhere. */

import type { z } from 'zod';
import type { Problem } from '../../kernel/errors.ts';
import { issueWords } from '../../kernel/issue-words.ts';
import { same, type Words } from '../../kernel/language.ts';

/** Every issue of `error`. Parse with `reportInput: true`, so that the offending values are known. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.map((issue) => {
    const missing = issue.code === 'invalid_type' && issue.input === undefined;
    return {
      path: issue.path.map(String).join('.'),
      message: missing ? MISSING : issue.code === 'invalid_value' ? NOT_ALLOWED : issueWords(issue),
      ...(issue.input === undefined ? {} : { value: shortJson(issue.input) }),
      ...(issue.code === 'invalid_value' ? { allowed: same(issue.values.map(String).join(', ')) } : {}),
    };
  });
}

const MISSING: Words = { en: 'is missing', ja: '必要です' };
/** zod would list the allowed values a second time. */
const NOT_ALLOWED: Words = { en: 'not an allowed value', ja: '使える値ではありません' };

/** JSON of any value, cut where it would fill the screen. */
export function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
