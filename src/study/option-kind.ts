/** An engine's option, seen as a kind of value: what it allows, in words, from its zod schema. */
import { z } from 'zod';
import type { OptionValue } from '../axes/cell.ts';
import type { ValueKind } from '../axes/values.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';

/** The kind of the option `name`, or undefined where the engine has no such option. */
export function optionKind(engine: EngineDeclaration, name: string): ValueKind<OptionValue> | undefined {
  const value = Object.hasOwn(engine.options.shape, name) ? engine.options.shape[name] : undefined;
  if (value === undefined) return takesAny(engine) ? ANY_OPTION : undefined;
  const schema = z.toJSONSchema(value as z.ZodType, { io: 'input', unrepresentable: 'any' });
  const names = schema.enum?.map(String) ?? (schema.type === 'boolean' ? ['true', 'false'] : undefined);
  return {
    value: value as z.ZodType<OptionValue>,
    allowed: names?.join(', ') ?? range(schema),
    ...(names === undefined ? {} : { names }),
  };
}

/** An engine whose options are not known here takes all of them as written. */
const takesAny = ({ options }: EngineDeclaration): boolean => options.safeParse({ '': 0 }).success;

const ANY_OPTION: ValueKind<OptionValue> = {
  value: z.union([z.string(), z.number(), z.boolean()]),
  allowed: 'text, a number, true or false',
  names: [],
};

function range({ type, minimum, maximum }: z.core.JSONSchema.BaseSchema): string {
  const bounds = [
    minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? [] : [`at least ${minimum}`],
    maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? [] : [`at most ${maximum}`],
  ].flat();
  return [typeof type === 'string' ? type : 'value', ...bounds].join(', ');
}
