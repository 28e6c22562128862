/** zod for files of others: unknown keys are theirs to add, known ones must have their type; every problem at once. */
import { z } from 'zod';
import type { Problem } from '../kernel/errors.ts';
import { problemsOf } from '../study/problems.ts';

/** A count of things. */
export const count: z.ZodNumber = z.number().int().nonnegative();
/** A time, rate or size: finite, at least 0. */
export const amount: z.ZodNumber = z.number().nonnegative();

/** The same of a value that no schema names. */
export const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

export type Checked<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** A file of ten thousand broken requests need not print ten thousand lines. */
const MAXIMUM_PROBLEMS = 50;

/** `data` by `schema`; `prefix` is where `data` stands in the file. */
export function check<T>(schema: z.ZodType<T>, data: unknown, prefix = ''): Checked<T> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return { kind: 'value', value: parsed.data };
  const problems = problemsOf(parsed.error.issues, { data, jsonSchema: {}, locate: () => ({}) }).map(
    (one) => ({
      ...one,
      path: joined(prefix, one.path),
    }),
  );
  return { kind: 'problems', problems: limited(problems) };
}

function joined(prefix: string, path: string): string {
  if (prefix === '' || path === '') return `${prefix}${path}`;
  return path.startsWith('[') ? `${prefix}${path}` : `${prefix}.${path}`;
}

/** The first problems, and how many more there are. */
export function limited(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= MAXIMUM_PROBLEMS) return problems;
  const more = problems.length - MAXIMUM_PROBLEMS;
  return [
    ...problems.slice(0, MAXIMUM_PROBLEMS),
    { path: '', message: { en: `and ${more} more problems`, ja: `他に問題 ${more} 件` } },
  ];
}

/** All of `data` by `schema`, each with its place; the values, or the problems of all of them. */
export function checkAll<T>(
  schema: z.ZodType<T>,
  data: readonly unknown[],
  place: (index: number) => string,
): Checked<T[]> {
  const checked = data.map((one, i) => check(schema, one, place(i)));
  const problems = checked.flatMap((one) => (one.kind === 'problems' ? one.problems : []));
  if (problems.length > 0) return { kind: 'problems', problems: limited(problems) };
  return { kind: 'value', value: checked.flatMap((one) => (one.kind === 'value' ? [one.value] : [])) };
}
