/**
 * The schema of every whole number that a study may hold. zod's own `int()` ends all later checks of the file, those
 * between fields among them, so that one slip would hide the others; this one reports and goes on.
 */
import { z } from 'zod';
import type { Words } from '../kernel/language.ts';

const WORDS: Words = { en: 'not a whole number', ja: '整数ではありません' };

/** A whole number from `minimum` to `maximum`, both included; at most what a double holds exactly. */
export const wholeNumber = (
  minimum: number = Number.MIN_SAFE_INTEGER,
  maximum: number = Number.MAX_SAFE_INTEGER,
): z.ZodNumber =>
  z
    .number()
    .min(minimum)
    .max(maximum)
    .refine(Number.isInteger, {
      message: WORDS.en,
      params: { words: WORDS, allowed: { en: 'a whole number', ja: '整数' } },
    })
    .meta({ type: 'integer' });

/** One of these whole numbers. */
export const oneOfNumbers = <const T extends readonly number[]>(values: T): z.ZodLiteral<T[number]> =>
  z.literal([...values] as T[number][]);
