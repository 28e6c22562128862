/**
 * Texts of Hayasa's own in journals and run folders. They are recorded in every language, so that a record does not
 * depend on who made it and a report can be read in any; records of before hold the English alone, as a string.
 */
import { z } from 'zod';
import { asWords, type Words } from './language.ts';

export type RecordedWords = string | Words;

/** Both forms as they stand, for what others write too: a string is in the words of whoever wrote it. */
export const recordedTextSchema = z.union([z.string(), z.strictObject({ en: z.string(), ja: z.string() })]);

/** Reads both forms as words. */
export const recordedWordsSchema = z.union([
  z.string().transform(asWords),
  z.strictObject({ en: z.string(), ja: z.string() }),
]);
