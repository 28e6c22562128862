/** zod's own words on an issue, in every language that it has them in. */
import { z } from 'zod';
import { same, type Words } from './language.ts';

const japanese = z.locales.ja().localeError;

/** What a schema of ours says of a custom issue is English alone; zod says the rest in both. */
export function issueWords(issue: z.core.$ZodIssue): Words {
  if (issue.code === 'custom') return same(issue.message);
  const ja = japanese(issue as z.core.$ZodRawIssue);
  return { en: issue.message, ja: (typeof ja === 'string' ? ja : ja?.message) ?? issue.message };
}
