/** Canonical JSON (keys sorted, no `undefined`) and content hashes over it: the identity of cells, studies and conditions. */
import { createHash } from 'node:crypto';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** JSON text with sorted keys; equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}

/** SHA-256 of the canonical JSON, the first `digits` hexadecimal digits (16 digits = 64 bits). */
export function contentHash(value: unknown, digits = 16): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, digits);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const record = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .filter((key) => record[key] !== undefined)
      .map((key) => [key, sortKeys(record[key])]),
  );
}
