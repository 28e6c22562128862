import type { Words } from './language.ts';

/**
 * A value that may be missing, with the reason: missing is never 0, -1 or NaN.
 * As plain data it survives JSON unchanged.
 */
export type Maybe<T> = { readonly kind: 'value'; readonly value: T } | Missing;

export interface Missing {
  readonly kind: 'missing';
  /** Why there is no value, as a reader of the report should see it. */
  readonly reason: Words;
}

export const present = <T>(value: T): Maybe<T> => ({ kind: 'value', value });

export const missing = (reason: Words): Missing => ({ kind: 'missing', reason });

/** Of a statistic over nothing. */
export const NO_VALUES: Words = { en: 'no values', ja: '値がありません' };

/** What nobody measured, without a closer reason. */
export const NOT_MEASURED: Words = { en: 'not measured', ja: '測定されていません' };

/** The value, or `undefined` where it is missing. */
export const presentValue = <T>(maybe: Maybe<T>): T | undefined =>
  maybe.kind === 'value' ? maybe.value : undefined;

/** The values that are present, in order. */
export const presentValues = <T>(maybes: readonly Maybe<T>[]): T[] =>
  maybes.flatMap((maybe) => (maybe.kind === 'value' ? [maybe.value] : []));

/** Applies `f` to a present value and keeps the reason of a missing one. */
export function mapMaybe<T, U>(maybe: Maybe<T>, f: (value: T) => U): Maybe<U> {
  return maybe.kind === 'value' ? present(f(maybe.value)) : maybe;
}
