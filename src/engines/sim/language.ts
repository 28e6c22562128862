/**
 * The "language model" of the sim engine: the next token is a hash of all tokens before it, so that greedy decoding is
 * deterministic, independent of batch and engine settings, and easy to compute elsewhere.
 *   state(empty) = 2166136261;  state(s + token) = ((state(s) XOR token) * 16777619) mod 2^32   (FNV-1a over ids)
 *   next token = mix(state) mod vocabulary, with mix(x) = x XOR (x >> 15)
 */

/** FNV-1a, 32 bit: http://www.isthe.com/chongo/tech/comp/fnv/ */
const OFFSET = 2_166_136_261;
const PRIME = 16_777_619;

export const emptyState: number = OFFSET;

/** The state after one more token. */
export const advance = (state: number, token: number): number => Math.imul(state ^ token, PRIME) >>> 0;

/** The state after `tokens`. */
export const stateAfter = (tokens: readonly number[]): number => tokens.reduce(advance, emptyState);

/** The greedy token that follows, in [0, vocabularySize). */
export const nextToken = (state: number, vocabularySize: number): number =>
  ((state ^ (state >>> 15)) >>> 0) % vocabularySize;

/** The first `count` greedy tokens after `prompt`. */
export function greedyTokens(prompt: readonly number[], count: number, vocabularySize: number): number[] {
  let state = stateAfter(prompt);
  return Array.from({ length: count }, () => {
    const token = nextToken(state, vocabularySize);
    state = advance(state, token);
    return token;
  });
}
