/** What a text is made of: counts that say how many prompts it gives, and which scripts it is written in. */
import { countCharacters } from './characters.ts';
import { sentenceStarts } from './sentences.ts';

export interface TextProfile {
  /** Unicode code points. */
  readonly characters: number;
  readonly bytes: number;
  /** Places that prompts may start from. */
  readonly sentences: number;
  /** Characters by script; blanks and marks are `other`. */
  readonly scripts: Readonly<Record<Script, number>>;
}

const SCRIPTS = {
  kanji: /\p{Script=Han}/gu,
  hiragana: /\p{Script=Hiragana}/gu,
  katakana: /\p{Script=Katakana}/gu,
  latin: /\p{Script=Latin}/gu,
} as const;
export type Script = keyof typeof SCRIPTS | 'other';

export function textProfile(text: string): TextProfile {
  const characters = countCharacters(text);
  const counts = Object.entries(SCRIPTS).map(
    ([name, pattern]) => [name, text.match(pattern)?.length ?? 0] as const,
  );
  const known = counts.reduce((sum, [, count]) => sum + count, 0);
  return {
    characters,
    bytes: Buffer.byteLength(text, 'utf8'),
    sentences: sentenceStarts(text).length,
    scripts: { ...Object.fromEntries(counts), other: characters - known } as Record<Script, number>,
  };
}
