/** Sentences one after another, in every language. */
import type { Words } from '../kernel/language.ts';

/** English sentences are parted by a blank, Japanese ones by their full stop alone. */
export const joined = (sentences: readonly Words[]): Words => ({
  en: sentences.map(({ en }) => en).join(' '),
  ja: sentences.map(({ ja }) => ja).join(''),
});
