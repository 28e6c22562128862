/** Builders of imported values: under a dialect's declaration where it has one, else as the importer declares. */

import type { Dialect, Relation } from '../dialects/dialect.ts';
import { MILLISECONDS, SECONDS } from '../dialects/series.ts';
import type { Words } from '../kernel/language.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import type { ImportedValue } from './imported.ts';

type Units = Pick<ImportedValue, 'storedUnit' | 'shown' | 'better'>;

/** A value of the file, in the stored unit. */
export interface Stated {
  readonly name: string;
  readonly value: Maybe<number>;
  readonly samples: Maybe<number>;
}

/** Under the declaration of the dialect's metric of that name; undefined where it has none. */
export function underDialect(dialect: Dialect, stated: Stated): ImportedValue | undefined {
  const metric = dialect.metrics.find(({ name }) => name === stated.name);
  if (metric === undefined) return undefined;
  const { storedUnit, shown, better, relation } = metric;
  return { ...stated, from: 'stated', storedUnit, shown, better, relation };
}

/** Under a declaration of the importer's own. */
export const declared = (stated: Stated, units: Units, relation: Relation): ImportedValue => ({
  ...stated,
  from: 'stated',
  ...units,
  relation,
});

export const TIMES: { readonly milliseconds: Units; readonly seconds: Units } = {
  milliseconds: MILLISECONDS,
  seconds: SECONDS,
};

export const MEGABYTES: Units = {
  storedUnit: 'B',
  shown: { unit: 'MB', scale: 1e-6, digits: 0 },
  better: 'lower',
};

/** Problems that several formats have. */
export const EXPECTED_NUMBER: Words = { en: 'expected number', ja: '数が必要です' };
export const MISSING: Words = { en: 'is missing', ja: '必要です' };

export const NOT_STATED: Words = { en: 'not stated', ja: '記載なし' };

/** `value` in the stored unit; missing where the file has none, or a 0 that stands for none. */
export function statedNumber(
  value: number | null | undefined,
  scale: number,
  zeroMeans?: Words,
): Maybe<number> {
  if (value === undefined || value === null) return missing(NOT_STATED);
  if (value === 0 && zeroMeans !== undefined) return missing(zeroMeans);
  return present(value * scale);
}

/** A number of samples; missing where the file does not say. */
export const statedCount = (value: number | null | undefined): Maybe<number> =>
  value === undefined || value === null ? missing(NOT_STATED) : present(value);

/** Entries whose value is stated, as text; an empty text states nothing. */
export const facts = (entries: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) =>
      (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'
        ? [[name, String(value)]]
        : [],
    ),
  );

/** An object without its undefined entries. */
export const without = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
