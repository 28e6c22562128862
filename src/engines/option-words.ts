/**
 * Descriptions of engines' options. The schema carries the English one, for JSON schema and docs; what it says in every
 * language stands beside it, so that neither is declared twice.
 */
import { z } from 'zod';
import { same, type Words } from '../kernel/language.ts';

const WORDS = z.registry<Words>();

/** `schema` with its description. */
export function described<T extends z.ZodType>(schema: T, words: Words): T {
  const own = schema.describe(words.en);
  WORDS.add(own, words);
  return own;
}

/** What `described` said of `schema`. */
export const descriptionOf = (schema: z.core.$ZodType): Words =>
  WORDS.get(schema) ?? same(z.globalRegistry.get(schema)?.description ?? '');
