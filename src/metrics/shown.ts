import type { Words } from '../kernel/language.ts';

/** Stored and shown units that several metrics share. Stored are seconds, bytes, tokens per second: SI without prefixes. */
export const TOKENS_PER_SECOND = {
  storedUnit: 'tokens/s',
  shown: { unit: 'tokens/s', scale: 1, digits: 1 },
  better: 'higher',
} as const;

export const MILLISECONDS = {
  storedUnit: 's',
  shown: { unit: 'ms', scale: 1000, digits: 2 },
  better: 'lower',
} as const;

export const SECONDS = {
  storedUnit: 's',
  shown: { unit: 's', scale: 1, digits: 2 },
  better: 'lower',
} as const;

export const PERCENT = {
  storedUnit: 'ratio',
  shown: { unit: '%', scale: 100, digits: 1 },
  better: 'higher',
} as const;

/** Where our own definitions stand. */
export const OWN_SOURCE = "Hayasa's own definition (docs/method.md)";

/** The source of a metric in every language: citations stay as they are. */
export const sourceWords = (source: string): Words => ({
  en: source,
  ja: source.replace(OWN_SOURCE, 'Hayasa 自身の定義（docs/method.md）').replace('; the term is', '。用語は'),
});
