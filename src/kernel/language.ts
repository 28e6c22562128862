/**
 * Languages of what people read. One declaration holds a text in every language, so that the compiler refuses it where
 * one is missing; whoever prints it takes the language that was asked for. JSON and CSV are English always; journals hold texts of ours in every language (`recorded-words.ts`).
 */

export const LANGUAGES = ['en', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One text in every language. */
export type Words = Readonly<Record<Language, string>>;

/** Takes a text in the language of whoever reads. */
export type Say = (words: Words) => string;

export const sayIn =
  (language: Language): Say =>
  (words) =>
    words[language];

/** English, as records and programs have it. */
export const sayEnglish: Say = sayIn('en');

/** A text that is the same in every language: a name, a number, the words of a library. */
export const same = (text: string): Words => ({ en: text, ja: text });

/** A text made of others, in every language: `inEvery((say) => `${path}: ${say(what)}`)`. */
export const inEvery = (text: (say: Say) => string): Words => ({
  en: text(sayEnglish),
  ja: text(sayIn('ja')),
});

/** Each of `texts` once, in the order of their first appearance. */
export const once = (texts: readonly Words[]): Words[] => [
  ...new Map(texts.map((text) => [text.en, text])).values(),
];

/** The same in one text; undefined where there is none. */
export const listedOnce = (texts: readonly Words[]): Words | undefined =>
  texts.length === 0 ? undefined : inEvery((say) => once(texts).map(say).join('; '));

/**
 * For `JSON.stringify`, as its replacer: of words the English, because records and programs have no other language.
 */
export const englishOnly = (_key: string, value: unknown): unknown => (isWords(value) ? value.en : value);

function isWords(value: unknown): value is Words {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === LANGUAGES.length &&
    LANGUAGES.every((language) => typeof (value as Partial<Words>)[language] === 'string')
  );
}

/** `text`, which may not be translated, as words. */
export const asWords = (text: string | Words): Words => (typeof text === 'string' ? same(text) : text);
