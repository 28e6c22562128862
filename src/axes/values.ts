/**
 * Values of an axis as a study writes them: one value, a range, or a list of these.
 * Ranges are text: `1..4` = 1, 2, 3, 4 and `2^4..2^10` = the powers of two from 16 to 1024, both ends included.
 */

import type { z } from 'zod';
import type { Words } from '../kernel/language.ts';
import type { AxisValue } from './axis.ts';

/** What may be read as values: an axis, or an option of an engine. */
export interface ValueKind<T extends AxisValue | boolean = AxisValue | boolean> {
  readonly value: z.ZodType<T>;
  readonly allowed: Words;
  readonly names?: readonly string[];
}

export interface ValueProblem {
  /** Place inside the value: `[2]` is the third entry of a list. */
  readonly path: readonly number[];
  readonly message: Words;
  readonly value: unknown;
}

export type Values<T> =
  | { readonly kind: 'values'; readonly values: readonly T[] }
  | { readonly kind: 'problems'; readonly problems: readonly ValueProblem[] };

const RANGE_PATTERN = /^\s*(2\^)?(\d{1,15})\s*\.\.\s*(2\^)?(\d{1,15})\s*$/;
const POWER_PATTERN = /^\s*2\^(\d{1,2})\s*$/;
/** More values than this on one axis is a slip, not a study. */
export const MAXIMUM_VALUES = 4096;

/** Every value that `raw` stands for, in order and without repeats, or everything that is wrong with it. */
export function readValues<T extends AxisValue | boolean>(kind: ValueKind<T>, raw: unknown): Values<T> {
  const entries = Array.isArray(raw) ? (raw as readonly unknown[]) : [raw];
  const values: T[] = [];
  const problems: ValueProblem[] = [];
  if (entries.length === 0)
    problems.push({ path: [], message: { en: 'an empty list', ja: '空のリスト' }, value: raw });
  for (const [index, entry] of entries.entries()) {
    const path = Array.isArray(raw) ? [index] : [];
    const expanded = expand(kind, entry);
    if (expanded.kind === 'problem') problems.push({ path, message: expanded.message, value: entry });
    else values.push(...expanded.values);
  }
  if (values.length > MAXIMUM_VALUES) {
    problems.push({
      path: [],
      message: {
        en: `${values.length} values; at most ${MAXIMUM_VALUES}`,
        ja: `${values.length} 個の値。最大 ${MAXIMUM_VALUES}`,
      },
      value: raw,
    });
  }
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'values', values: [...new Set(values)] };
}

type Expanded<T> =
  | { readonly kind: 'values'; readonly values: readonly T[] }
  | { readonly kind: 'problem'; readonly message: Words };

function expand<T extends AxisValue | boolean>(kind: ValueKind<T>, entry: unknown): Expanded<T> {
  const direct = kind.value.safeParse(entry);
  if (direct.success) return { kind: 'values', values: [direct.data] };
  if (typeof entry === 'string' && kind.names === undefined) {
    const numbers = rangeNumbers(entry);
    if (numbers.kind === 'problem') return numbers;
    const parsed = numbers.values.map((number) => kind.value.safeParse(number));
    const bad = parsed.findIndex((result) => !result.success);
    if (bad >= 0)
      return {
        kind: 'problem',
        message: {
          en: `${numbers.values[bad] ?? entry} is not allowed`,
          ja: `${numbers.values[bad] ?? entry} は使えません`,
        },
      };
    return { kind: 'values', values: parsed.flatMap((result) => (result.success ? [result.data] : [])) };
  }
  return { kind: 'problem', message: { en: 'not an allowed value', ja: '使える値ではありません' } };
}

/** The whole numbers of `4`-like powers (`2^4`) and ranges. */
function rangeNumbers(text: string): Expanded<number> {
  const power = POWER_PATTERN.exec(text);
  if (power !== null) return { kind: 'values', values: [2 ** Number(power[1])] };
  const match = RANGE_PATTERN.exec(text);
  if (match === null)
    return {
      kind: 'problem',
      message: { en: 'neither a value nor a range', ja: '値でも範囲でもありません' },
    };
  const [, firstPower, first, lastPower, last] = match;
  if ((firstPower === undefined) !== (lastPower === undefined)) {
    return {
      kind: 'problem',
      message: { en: 'a range from 2^a goes to 2^b', ja: '2^a からの範囲は 2^b までです' },
    };
  }
  const from = Number(first);
  const to = Number(last);
  if (from > to)
    return {
      kind: 'problem',
      message: {
        en: `a range goes upwards: ${to} is below ${from}`,
        ja: `範囲は小さい方から大きい方へ: ${to} は ${from} より小さい`,
      },
    };
  if (to - from >= MAXIMUM_VALUES) {
    return {
      kind: 'problem',
      message: {
        en: `a range of ${to - from + 1} values; at most ${MAXIMUM_VALUES}`,
        ja: `${to - from + 1} 個の値の範囲。最大 ${MAXIMUM_VALUES}`,
      },
    };
  }
  const integers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return { kind: 'values', values: firstPower === undefined ? integers : integers.map((n) => 2 ** n) };
}
