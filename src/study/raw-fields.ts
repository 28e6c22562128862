/** Fields of a parsed file that need not have the form that it should have. */

/** The field of an object; undefined where there is none, or no object. */
export function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

/** The list in a field; empty where there is none. */
export function entries(file: unknown, key: string): readonly unknown[] {
  const list = field(file, key);
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

/** The value where it is an object; else one without fields. */
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
