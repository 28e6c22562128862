/** Kinds of options. Each knows how its text becomes a value and what it allows, so that every problem can be named. */
import parseDuration from 'parse-duration';
import { same, type Words } from '../kernel/language.ts';
import { type Prices, parsePrices } from '../study/price.ts';

export interface OptionDeclaration<T> {
  /** Name of the value in the help (`N`); undefined for a switch. */
  readonly placeholder: string | undefined;
  readonly summary: Words;
  /** Allowed values as text, for help and problems. */
  readonly allowed: Words | undefined;
  /** Allowed words, for "did you mean". */
  readonly choices: readonly string[];
  /** The value where the option is not given. */
  readonly defaultValue: T;
  /** What the option stands for when it is given without a value; undefined where it needs one. */
  readonly bare?: string;
  /** Not giving it is a problem; `defaultValue` is then never seen. */
  readonly required?: boolean;
  /** `text` is what was given (`true` for a switch); undefined where it is not allowed. */
  parse(text: string): T | undefined;
}

/** `--json`: on or off. */
export const flag = (summary: Words): OptionDeclaration<boolean> => ({
  placeholder: undefined,
  summary,
  allowed: undefined,
  choices: [],
  defaultValue: false,
  parse: () => true,
});

/** Any text that is not empty. */
export const text = (placeholder: string, summary: Words): OptionDeclaration<string | undefined> => ({
  placeholder,
  summary,
  allowed: { en: 'a text that is not empty', ja: '空でない文字列' },
  choices: [],
  defaultValue: undefined,
  parse: (value) => (value === '' ? undefined : value),
});

/** One or more names, separated by commas. */
export const names = (
  placeholder: string,
  summary: Words,
): OptionDeclaration<readonly string[] | undefined> => ({
  placeholder,
  summary,
  allowed: { en: 'one or more names, separated by commas', ja: '一つ以上の名前、コンマ区切り' },
  choices: [],
  defaultValue: undefined,
  parse: (value) => {
    const words = value.split(',').map((word) => word.trim());
    return words.every((word) => word !== '') ? words : undefined;
  },
});

/** An option without which the command cannot run. */
export const required = <T>(option: OptionDeclaration<T | undefined>): OptionDeclaration<T> => ({
  ...option,
  required: true,
  // `parseOptions` reports a missing required option instead of taking this.
  defaultValue: undefined as T,
});

/** One of some words. */
export const choice = <const T extends string, const D extends T | undefined>(
  placeholder: string,
  summary: Words,
  choices: readonly T[],
  defaultValue: D,
): OptionDeclaration<T | D> => ({
  placeholder,
  summary,
  allowed: same(choices.join(', ')),
  choices,
  defaultValue,
  parse: (value) => choices.find((one) => one === value),
});

/** A whole number of at least `minimum`. */
export const integer = <const D extends number | undefined>(
  placeholder: string,
  summary: Words,
  minimum: number,
  defaultValue: D,
): OptionDeclaration<number | D> => ({
  placeholder,
  summary,
  allowed: { en: `a whole number of at least ${minimum}`, ja: `${minimum} 以上の整数` },
  choices: [],
  defaultValue,
  parse: (value) => {
    const number = /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN;
    return Number.isSafeInteger(number) && number >= minimum ? number : undefined;
  },
});

/** A number in (`above`, `maximum`], or `above` itself where it is the default. */
export const decimal = (
  placeholder: string,
  summary: Words,
  range: { readonly above: number; readonly maximum: number },
  defaultValue: number,
): OptionDeclaration<number> => ({
  placeholder,
  summary,
  allowed:
    defaultValue === range.above
      ? {
          en: `a number from ${range.above} to ${range.maximum}`,
          ja: `${range.above} から ${range.maximum} までの数`,
        }
      : {
          en: `a number above ${range.above} up to ${range.maximum}`,
          ja: `${range.above} より大きく ${range.maximum} 以下の数`,
        },
  choices: [],
  defaultValue,
  parse: (value) => {
    const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    const inside = number > range.above && number <= range.maximum;
    return inside || number === defaultValue ? number : undefined;
  },
});

/** Token ids, separated by commas or blanks. */
export const tokenIds = (
  placeholder: string,
  summary: Words,
): OptionDeclaration<readonly number[] | undefined> => ({
  placeholder,
  summary,
  allowed: { en: 'token ids such as 5,17,42', ja: '5,17,42 のようなトークン id' },
  choices: [],
  defaultValue: undefined,
  parse: (value) => {
    const words = value.split(/[\s,]+/).filter((word) => word !== '');
    return words.length > 0 && words.every((word) => /^\d{1,9}$/.test(word)) ? words.map(Number) : undefined;
  },
});

/** A time such as `90s`, `10m` or `1h30m`, in milliseconds. */
export const duration = (placeholder: string, summary: Words): OptionDeclaration<number | undefined> => ({
  placeholder,
  summary,
  allowed: { en: 'a time such as 90s, 10m or 1h30m', ja: '90s、10m、1h30m のような時間' },
  choices: [],
  defaultValue: undefined,
  parse: (value) => {
    const ms = /^[\d.\sa-z]+$/i.test(value) && /[a-z]/i.test(value) ? parseDuration(value) : null;
    return ms !== null && ms > 0 && Number.isFinite(ms) ? Math.round(ms) : undefined;
  },
});

const BYTE_UNITS: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** A size such as `20GB` or `1.5GiB`, in bytes. */
export const bytes = (placeholder: string, summary: Words): OptionDeclaration<number | undefined> => ({
  placeholder,
  summary,
  allowed: {
    en: 'a size such as 500MB, 20GB or 1.5GiB',
    ja: '500MB、20GB、1.5GiB のような大きさ',
  },
  choices: [],
  defaultValue: undefined,
  parse: (value) => {
    const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([MGT]i?B)$/.exec(value) ?? [];
    const size = Math.round(Number(number) * (BYTE_UNITS[unit] ?? Number.NaN));
    return size > 0 && Number.isSafeInteger(size) ? size : undefined;
  },
});

/** Prices of an hour, by device. */
export const prices = (placeholder: string, summary: Words): OptionDeclaration<Prices | undefined> => ({
  placeholder,
  summary,
  allowed: {
    en: 'a price such as 1.20USD/h, or by device cpu=0.40USD/h,cuda:0=1.20USD/h, in one currency',
    ja: '1.20USD/h、または装置ごとに cpu=0.40USD/h,cuda:0=1.20USD/h のような値段。通貨は一つ',
  },
  choices: [],
  defaultValue: undefined,
  parse: parsePrices,
});

/** An option that may be given without its value, which is then `bare`. */
export const withBare = <T>(option: OptionDeclaration<T>, bare: string): OptionDeclaration<T> => ({
  ...option,
  summary: {
    en: `${option.summary.en}; without a value ${bare}`,
    ja: `${option.summary.ja}。値がなければ ${bare}`,
  },
  bare,
});

/** Declared by every command: machine-readable output on stdout, and errors as JSON on stderr. */
export const json: OptionDeclaration<boolean> = flag({
  en: 'print JSON instead of text (errors too)',
  ja: '文章の代わりに JSON を出力する（エラーも）',
});
