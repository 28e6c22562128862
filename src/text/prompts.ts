/**
 * Prompts as seeded token ids: exact lengths without a tokenizer, different for every sequence (equal prompts would let
 * an engine share work), and prompt i the same whatever the batch: batch 4 consists of the first four of batch 16.
 * A longer prompt starts with the shorter one of the same index.
 */
import { HayasaError } from '../kernel/errors.ts';
import { randomStream } from '../kernel/random.ts';

export interface TokenIdPromptsInit {
  readonly vocabularySize: number;
  /** Prompts wanted. */
  readonly count: number;
  /** `equal`: every prompt has `inputTokens` tokens; `ragged`: lengths uniform in [inputTokens / 4, inputTokens]. */
  readonly lengths: 'equal' | 'ragged';
  /** At least 1. */
  readonly inputTokens: number;
  readonly seed: number;
  /** Never drawn: begin and end of text, padding. */
  readonly reservedTokens: readonly number[];
}

/**
 * One prompt per sequence. First tokens are all different, as long as there are no more prompts than tokens.
 * @throws HayasaError `text/vocabulary-too-small` where no token is left to draw
 */
export function tokenIdPrompts(init: TokenIdPromptsInit): number[][] {
  const { vocabularySize, count, seed, reservedTokens } = init;
  const reserved = new Set(reservedTokens);
  const allowed = Array.from({ length: vocabularySize }, (_, id) => id).filter((id) => !reserved.has(id));
  if (allowed.length === 0) {
    throw new HayasaError({
      code: 'text/vocabulary-too-small',
      message: {
        en: `a vocabulary of ${vocabularySize} tokens leaves none beside the reserved ones`,
        ja: `語彙が ${vocabularySize} トークンでは、予約トークン以外が残りません`,
      },
    });
  }
  const start = randomStream(seed, 'prompts: first token').integer(allowed.length);
  return Array.from({ length: count }, (_, index) => {
    const stream = randomStream(seed, `prompts: tokens of ${index}`);
    const positions = Array.from({ length: promptLength(init, index) }, (__, i) =>
      i === 0 ? (start + index) % allowed.length : stream.integer(allowed.length),
    );
    return positions.map((position) => allowed[position] ?? 0);
  });
}

/**
 * Tokens of prompt `index`: what a cell with these settings really feeds.
 * @param shortest of ragged lengths; by default a quarter of `inputTokens`
 */
export function promptLength(
  init: Pick<TokenIdPromptsInit, 'lengths' | 'inputTokens' | 'seed'>,
  index: number,
  shortest: number = quarter(init.inputTokens),
): number {
  const { lengths, inputTokens, seed } = init;
  switch (lengths) {
    case 'equal':
      return inputTokens;
    case 'ragged':
      return shortest + randomStream(seed, `prompts: length of ${index}`).integer(inputTokens - shortest + 1);
  }
}

/** A quarter of a number of tokens, at least one: the shortest of ragged prompts. */
export const quarter = (tokens: number): number => Math.max(1, Math.ceil(tokens / 4));
