/** An engine's option, seen as a kind of value: what it allows, in words, from its zod schema. */

import { z } from 'zod';
import type { OptionValue } from '../axes/cell.ts';
import type { ValueKind } from '../axes/values.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import { same, type Words } from '../kernel/language.ts';

/** The kind of the option `name`, or undefined where the engine has no such option. */
export function optionKind(engine: EngineDeclaration, name: string): ValueKind<OptionValue> | undefined {
  const value = Object.hasOwn(engine.options.shape, name) ? engine.options.shape[name] : undefined;
  if (value === undefined) return takesAny(engine) ? ANY_OPTION : undefined;
  const schema = z.toJSONSchema(value as z.ZodType, { io: 'input', unrepresentable: 'any' });
  const names = schema.enum?.map(String) ?? (schema.type === 'boolean' ? ['true', 'false'] : undefined);
  return {
    value: value as z.ZodType<OptionValue>,
    allowed: names === undefined ? range(schema) : same(names.join(', ')),
    ...(names === undefined ? {} : { names }),
  };
}

/** An engine whose options are not known here takes all of them as written. */
const takesAny = ({ options }: EngineDeclaration): boolean => options.safeParse({ '': 0 }).success;

const ANY_OPTION: ValueKind<OptionValue> = {
  value: z.union([z.string(), z.number(), z.boolean()]),
  allowed: { en: 'text, a number, true or false', ja: '文字列、数、true、false' },
  names: [],
};

function range({ type, minimum, maximum }: z.core.JSONSchema.BaseSchema): Words {
  const kind = typeof type === 'string' ? type : 'value';
  const low = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const high = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  return {
    en: [
      kind,
      ...(low === undefined ? [] : [`at least ${low}`]),
      ...(high === undefined ? [] : [`at most ${high}`]),
    ].join(', '),
    ja: [
      kind,
      ...(low === undefined ? [] : [`${low} 以上`]),
      ...(high === undefined ? [] : [`${high} 以下`]),
    ].join('、'),
  };
}
