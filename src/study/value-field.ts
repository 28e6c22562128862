/** Fields whose values may be one value, a range or a list: the zod schema that expands them, and its JSON schema. */

import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { AxisValue } from '../axes/axis.ts';
import { readValues, type ValueKind } from '../axes/values.ts';
import { same } from '../kernel/language.ts';
import { addProblem, type ProblemParameters } from './add-problem.ts';

type Scalar = AxisValue | boolean;

/** One value, a range or a list of these, expanded; each wrong entry is an issue of its own. */
export function valuesField<T extends Scalar>(kind: ValueKind<T>, description: string) {
  const one = singleJsonSchema(kind);
  return z
    .unknown()
    .transform((raw, context): readonly T[] => {
      const read = readValues(kind, raw);
      if (read.kind === 'values') return read.values;
      for (const problem of read.problems) {
        addProblem(context, {
          message: problem.message,
          path: [...problem.path],
          params: hints(kind, problem.value),
        });
      }
      return z.NEVER;
    })
    .meta({ description, anyOf: [...one, { type: 'array', minItems: 1, items: { anyOf: one } }] });
}

/** Exactly one value. */
export function singleField<T extends Scalar>(kind: ValueKind<T>, description: string) {
  return z
    .unknown()
    .transform((raw, context): T => {
      const parsed = kind.value.safeParse(raw);
      if (parsed.success) return parsed.data;
      addProblem(context, {
        message: { en: 'not an allowed value', ja: '使える値ではありません' },
        params: hints(kind, raw),
      });
      return z.NEVER;
    })
    .meta({ description, anyOf: [valueJsonSchema(kind.value)] });
}

/** A name out of a list that is known only at run time (engines, presets). */
export function nameField(names: readonly string[], what: string, description: string) {
  return z
    .unknown()
    .transform((raw, context): string => {
      if (typeof raw === 'string' && names.includes(raw)) return raw;
      const message =
        typeof raw === 'string'
          ? { en: `unknown ${what}`, ja: `未知の ${what}` }
          : { en: `expected the name of a known ${what}`, ja: `既知の ${what} の名前であるべきです` };
      addProblem(context, { message, params: nameHints(names, raw) });
      return z.NEVER;
    })
    .meta({ description, type: 'string', enum: [...names] });
}

/** Allowed names and the nearest one, as parameters of an issue. */
export function nameHints(names: readonly string[], raw: unknown): ProblemParameters {
  const near = typeof raw === 'string' ? nearest(raw, names) : undefined;
  return { allowed: same(names.join(', ')), ...(near === undefined ? {} : { didYouMean: near }) };
}

/** The nearest of `names`, where it is at most half of its length away. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const best = closest(text, names);
  return distance(text, best) <= Math.max(1, Math.floor(best.length / 2)) ? best : undefined;
}

function hints(kind: ValueKind, value: unknown): ProblemParameters {
  return { ...nameHints(kind.names ?? [], value), allowed: kind.allowed };
}

function singleJsonSchema(kind: ValueKind): readonly Readonly<Record<string, unknown>>[] {
  const value = valueJsonSchema(kind.value);
  return kind.names === undefined
    ? [value, { type: 'string', pattern: '^(2\\^)?\\d+(\\.\\.(2\\^)?\\d+)?$' }]
    : [value];
}

function valueJsonSchema(value: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = z.toJSONSchema(value, { io: 'input' });
  return schema;
}
