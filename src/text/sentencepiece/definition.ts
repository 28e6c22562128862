/**
 * A SentencePiece model in the form of tokenizer.json, for the cutting alone: texts are normalised before, and tokens
 * are decoded, by our own code. The library must not find pieces in a text that SentencePiece would not: control,
 * unknown, unused and byte pieces of a unigram model get names that no text holds.
 */

import type { Piece, PieceKind, SentencePieceModel } from './model-file.ts';
import { SPACE_MARK } from './normaliser.ts';

/** U+FFFF is no character, so no text has it. */
const HIDDEN = '\uFFFF';

/** The name of a piece in the definition. */
const hiddenName = ({ text, kind }: Piece): string =>
  kind === 'normal' || kind === 'user-defined' ? text : `${HIDDEN}${text}`;

export interface DefinitionOptions {
  /** `all`: pieces of the user rank by their scores too, as in llama.cpp: runs of spaces are merged. Default: only normal pieces are made by merges. */
  readonly scoresRank?: 'normal' | 'all';
  /** The definition stands alone: control pieces are found in texts. */
  readonly findsControl?: boolean;
}

/** A definition for `new Tokenizer(definition, {})`; its tokens are pieces by their own text, or unknown characters. */
export function tokenizerDefinition(
  model: SentencePieceModel,
  { scoresRank = 'normal', findsControl = false }: DefinitionOptions = {},
): object {
  const { pieces } = model;
  const ranksAll = scoresRank === 'all';
  const isSpaces = (text: string): boolean =>
    ranksAll ? text.replaceAll(SPACE_MARK, '') === '' : text === SPACE_MARK;
  const added = pieces.flatMap(({ text, kind }, id) =>
    (kind === 'user-defined' && !isSpaces(text)) || (findsControl && kind === 'control')
      ? [
          {
            id,
            content: text,
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: false,
            special: kind === 'control',
          },
        ]
      : [],
  );
  return {
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model:
      model.algorithm === 'unigram'
        ? unigram(pieces)
        : bytePairs(pieces, ranksAll ? ['normal', 'user-defined'] : ['normal']),
  };
}

function unigram(pieces: readonly Piece[]): object {
  const unknown = pieces.findIndex(({ kind }) => kind === 'unknown');
  if (unknown === -1) throw new RangeError('has no piece for unknown characters');
  return {
    type: 'Unigram',
    unk_id: unknown,
    vocab: pieces.map((piece) => [hiddenName(piece), piece.score]),
  };
}

/**
 * Merges in the order of their results' scores, the highest first. SentencePiece ranks results, not pairs: pairs with
 * the same result follow one another, so that only overlapping runs of one character could differ.
 */
function bytePairs(pieces: readonly Piece[], made: readonly PieceKind[]): object {
  const isMade = (kind: PieceKind): boolean => made.includes(kind);
  const mergeable = new Map(
    pieces.flatMap(({ text, kind }, id) => (isMade(kind) ? [[text, id] as const] : [])),
  );
  const results = pieces
    .map((piece, id) => ({ ...piece, id }))
    .filter(({ kind, text }) => isMade(kind) && Array.from(text).length > 1)
    .sort((a, b) => b.score - a.score || a.id - b.id);
  return {
    type: 'BPE',
    // Only merges of normal pieces make tokens here, so that no name needs hiding.
    vocab: Object.fromEntries(pieces.map(({ text }, id) => [text, id])),
    merges: results.flatMap(({ text }) =>
      splits(text).filter((pair) => pair.every((part) => mergeable.has(part))),
    ),
    unk_token: pieces.find(({ kind }) => kind === 'unknown')?.text ?? null,
    byte_fallback: pieces.some(({ kind }) => kind === 'byte'),
  };
}

function splits(text: string): [string, string][] {
  const characters = Array.from(text);
  return characters
    .slice(1)
    .map((_, i) => [characters.slice(0, i + 1).join(''), characters.slice(i + 1).join('')]);
}
