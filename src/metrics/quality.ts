/**
 * Quality of a loaded model on a text, from teacher-forced log-likelihoods of its windows (`src/text/scored-windows.ts`):
 *   bits per character = sum of -log2 p(token | its context) over predicted tokens / their Unicode code points
 * Code points do not depend on the tokenizer, so this compares models of different tokenizers; perplexity per token does
 * not, because a tokenizer of coarser grain has fewer and harder tokens, and is for one tokenizer alone.
 * Differences between two precisions are taken window by window over the same windows.
 */
import { type Maybe, mapMaybe, missing } from '../kernel/maybe.ts';
import { type RatioOfSums, ratioOfSums } from '../stats/ratio-of-sums.ts';

/** What one loaded model gave, window by window. */
export interface WindowScores {
  /** ln p of each window's tokens, summed. */
  readonly logLikelihoods: readonly number[];
  readonly windows: readonly {
    readonly characters: number;
    /** The tokens, or how many they are. */
    readonly tokens: number | readonly number[];
  }[];
}

/** Bits per code point, lower is better, with the interval over windows. */
export function bitsPerCharacter({ logLikelihoods, windows }: WindowScores): Maybe<RatioOfSums> {
  return ratioOfSums(
    logLikelihoods.map(bits),
    windows.map(({ characters }) => characters),
  );
}

/**
 * How many bits per character `scores` needs more than `reference` (below 0: fewer); missing where the two were not cut
 * into the same windows.
 */
export function bitsPerCharacterAbove(scores: WindowScores, reference: WindowScores): Maybe<RatioOfSums> {
  const same =
    scores.windows.length === reference.windows.length &&
    scores.windows.every(({ characters, tokens }, i) => {
      const other = reference.windows[i];
      return characters === other?.characters && count(tokens) === count(other.tokens);
    });
  if (!same)
    return missing({
      en: 'cut into other windows: another text or tokenizer',
      ja: '窓の切り方が違います: 文章かトークナイザーが別です',
    });
  return ratioOfSums(
    scores.logLikelihoods.map((one, i) => bits(one) - bits(reference.logLikelihoods[i] ?? Number.NaN)),
    scores.windows.map(({ characters }) => characters),
  );
}

/** exp(-mean ln p) over tokens: only comparable within one tokenizer. */
export const perplexityPerToken = ({ logLikelihoods, windows }: WindowScores): Maybe<number> =>
  mapMaybe(
    ratioOfSums(
      logLikelihoods,
      windows.map(({ tokens }) => count(tokens)),
    ),
    ({ value }) => Math.exp(-value),
  );

const count = (tokens: number | readonly number[]): number =>
  typeof tokens === 'number' ? tokens : tokens.length;

const bits = (logLikelihood: number): number => -logLikelihood / Math.LN2;
