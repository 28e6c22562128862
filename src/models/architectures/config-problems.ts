/** Issues of a zod parse as problems with path, value and allowed values, for files that come from elsewhere. */

import type { z } from 'zod';
import type { Problem } from '../../kernel/errors.ts';
import { issueWords } from '../../kernel/issue-words.ts';
import { same, type Words } from '../../kernel/language.ts';

/** Every issue of `error`. Parse with `reportInput: true`, so that the offending values are known. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.map((issue) => {
    const { input } = issue;
    return {
      path: issue.path.map(String).join('.'),
      message: messageOf(issue),
      ...(input === undefined ? {} : { value: typeof input === 'string' ? cut(input) : shortJson(input) }),
      ...(issue.code === 'invalid_value' ? { allowed: same(issue.values.map(String).join(', ')) } : {}),
    };
  });
}

function messageOf(issue: z.core.$ZodIssue): Words {
  if (issue.code === 'invalid_value') return NOT_ALLOWED;
  if (issue.code !== 'invalid_type') return issueWords(issue);
  if (issue.input === undefined) return MISSING;
  return issue.expected === 'null' ? NOT_SUPPORTED : issueWords(issue);
}

const MISSING: Words = { en: 'is missing', ja: '必要です' };
/** zod would list the allowed values a second time. */
const NOT_ALLOWED: Words = { en: 'not an allowed value', ja: '使える値ではありません' };

/** Of keys that may only be absent or null. */
const NOT_SUPPORTED: Words = {
  en: 'this architecture has none here',
  ja: 'このアーキテクチャでは対応していません',
};

/** JSON of any value, cut where it would fill the screen. */
export const shortJson = (value: unknown): string => cut(JSON.stringify(value) ?? String(value));

const cut = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text);
