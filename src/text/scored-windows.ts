/**
 * A text cut into windows whose tokens a model predicts, each after the tokens that come before it. The whole text is
 * tokenised once, so that no boundary changes how it is cut; a window ends at the first token end at or after every
 * `windowCharacters` characters that is no place inside a character. Every token but the text's first stands in exactly
 * one window. The first (with those that share its character) has nothing before it in most models: it is context only,
 * and its characters are not counted.
 * Characters are Unicode code points of the decoded tokens: what a tokenizer normalises counts as it reads it.
 * Strided windows with context: https://huggingface.co/docs/transformers/perplexity (read 2026-11).
 */
import { HayasaError } from '../kernel/errors.ts';
import { countCharacters } from './characters.ts';
import { streamDecoder } from './stream-decoder.ts';
import type { PromptText } from './text-file.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

export interface ScoredWindow {
  /** At most `contextTokens` tokens before the window, after the begin-of-text token where the tokenizer has one. */
  readonly context: readonly number[];
  /** What is predicted; at least one. */
  readonly tokens: readonly number[];
  /** Code points of `tokens`. */
  readonly characters: number;
}

export interface WindowedText {
  readonly windows: readonly ScoredWindow[];
  /** Of all windows together. */
  readonly characters: number;
  readonly tokens: number;
  /** Whether decoding the tokens gives exactly the text; false where the tokenizer normalises or lacks characters. */
  readonly comesBack: boolean;
}

export interface WindowsInit {
  readonly tokenizer: TextTokenizer;
  readonly source: PromptText;
  /** Code points of the text that are used, from its beginning. */
  readonly characters: number;
  readonly windowCharacters: number;
  readonly contextTokens: number;
}

/** @throws HayasaError `text/too-short` where the text has fewer characters, or no second token */
export function scoredWindows(init: WindowsInit): WindowedText {
  const { tokenizer, source, characters, windowCharacters, contextTokens } = init;
  const text = firstCharacters(source.text, characters);
  if (countCharacters(text) < characters) throw tooShort(source, characters);
  const ids = tokenizer.encode(text);
  const ends = characterEnds(tokenizer, ids);
  const [first, ...rest] = ends;
  if (first === undefined || rest.length === 0) throw tooShort(source, characters);
  const windows: ScoredWindow[] = [];
  let start = first.tokens;
  let from = first.characters;
  for (const [index, end] of rest.entries()) {
    if (end.characters - from < windowCharacters && index < rest.length - 1) continue;
    windows.push({
      context: [...tokenizer.prefixTokens, ...ids.slice(Math.max(0, start - contextTokens), start)],
      tokens: ids.slice(start, end.tokens),
      characters: end.characters - from,
    });
    start = end.tokens;
    from = end.characters;
  }
  return {
    windows,
    characters: from - first.characters,
    tokens: start - first.tokens,
    comesBack: tokenizer.decode(ids) === text,
  };
}

/** Every place between two tokens that is no place inside a character: tokens and characters before it. */
function characterEnds(
  tokenizer: TextTokenizer,
  ids: readonly number[],
): { readonly tokens: number; readonly characters: number }[] {
  const decoder = streamDecoder(tokenizer);
  const ends: { tokens: number; characters: number }[] = [];
  let characters = 0;
  for (const [index, id] of ids.entries()) {
    const out = decoder.push([id]);
    if (out === '') continue;
    characters += countCharacters(out);
    ends.push({ tokens: index + 1, characters });
  }
  return ends;
}

function firstCharacters(text: string, count: number): string {
  // Twice as many UTF-16 units hold them in any case.
  return Array.from(text.slice(0, 2 * count))
    .slice(0, count)
    .join('');
}

const tooShort = ({ name, text }: PromptText, characters: number): HayasaError =>
  new HayasaError({
    code: 'text/too-short',
    message: {
      en: `${name}: has ${countCharacters(text)} characters, ${characters} are asked for`,
      ja: `${name}: ${countCharacters(text)} 文字しかありませんが、${characters} 文字が求められています`,
    },
    hint: {
      en: 'give a longer text, or ask for fewer characters',
      ja: 'もっと長いテキストを使うか、文字数を減らしてください',
    },
  });
