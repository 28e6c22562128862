/**
 * Defaults of engines' options, as a run records them when it begins. A cell's key holds every option, defaults filled in:
 * with the options and the defaults of its own time an earlier run keeps its keys, and with them its values, though its
 * engines got options since. Pure.
 */
import { z } from 'zod';
import type { Cell, OptionValue } from '../axes/cell.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import type { EngineDeclaration } from './declaration.ts';

/** By name; null for an option that is absent unless it is given. */
export type OptionDefaults = Readonly<Record<string, OptionValue | null>>;

/** Of every option of the engine; all null where some option has to be given. */
export function optionDefaults({ options }: EngineDeclaration): OptionDefaults {
  const values = (options.safeParse({}).data ?? {}) as Cell['options'];
  return Object.fromEntries(Object.keys(options.shape).map((name) => [name, values[name] ?? null]));
}

/** The engine with the options that it had when `recorded` were its defaults; as it is where nothing was recorded. */
export function withDefaultsOf(
  declaration: EngineDeclaration,
  recorded: OptionDefaults | undefined,
): EngineDeclaration {
  const current = optionDefaults(declaration);
  if (recorded === undefined || canonicalJson(recorded) === canonicalJson(current)) return declaration;
  const shape: Record<string, z.ZodType> = {};
  for (const [name, schema] of Object.entries(declaration.options.shape as Record<string, z.ZodType>)) {
    const value = recorded[name];
    if (value === undefined) continue;
    shape[name] = value === current[name] ? schema : defaultingTo(schema, value);
  }
  const options = z.strictObject(shape).superRefine((values, context) => {
    // What contradicts itself is still refused.
    for (const { path, message } of declaration.options.safeParse(values).error?.issues ?? []) {
      context.addIssue({ code: 'custom', path, message });
    }
  });
  return { ...declaration, options };
}

function defaultingTo(schema: z.ZodType, value: OptionValue | null): z.ZodType {
  const plain = schema instanceof z.ZodDefault ? (schema.unwrap() as z.ZodType) : schema;
  return value === null ? plain.optional() : plain.default(value);
}
