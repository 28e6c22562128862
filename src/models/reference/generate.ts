/** Greedy generation and logits by the plain decoder: what every engine must agree with in fp32. */
import type { Files } from '../../host/host.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { loadReference, type ReferenceModel } from './decoder.ts';

/**
 * `count` greedy tokens after `prompt` (at least one token), without stopping at end-of-text.
 * The first of equal logits wins. Pass a `model` that is loaded already to generate several times.
 * @throws HayasaError where a token is outside the vocabulary
 */
export function referenceGenerate(
  files: Files,
  checkpoint: Checkpoint,
  prompt: readonly number[],
  count: number,
  model: ReferenceModel = loadReference(files, checkpoint),
): number[] {
  const sequence = model.start();
  let logits = new Float64Array(0) as Float64Array;
  for (const token of prompt) logits = sequence.next(token);
  const tokens: number[] = [];
  while (tokens.length < count) {
    const token = argmax(logits);
    tokens.push(token);
    if (tokens.length < count) logits = sequence.next(token);
  }
  return tokens;
}

/**
 * The logits after each token of `tokens`: [position][vocabulary], the last row is what the next token is chosen by.
 * @throws HayasaError where a token is outside the vocabulary
 */
export function referenceLogits(
  files: Files,
  checkpoint: Checkpoint,
  tokens: readonly number[],
  model: ReferenceModel = loadReference(files, checkpoint),
): Float64Array[] {
  const sequence = model.start();
  return tokens.map((token) => sequence.next(token));
}

/** Index of the largest value, the first where several are equal; 0 for none. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}
