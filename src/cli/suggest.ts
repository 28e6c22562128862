/** The nearest allowed word, where one is near enough to be a slip of the fingers. */
import { closest, distance } from 'fastest-levenshtein';

const LONGEST_WORD = 100;

export function nearest(word: string, allowed: readonly string[]): string | undefined {
  if (allowed.length === 0 || word === '') return undefined;
  const short = word.slice(0, LONGEST_WORD).toLowerCase();
  const candidate = closest(short, allowed);
  return distance(short, candidate.toLowerCase()) <= Math.max(1, Math.floor(short.length / 3))
    ? candidate
    : undefined;
}
