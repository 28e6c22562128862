/**
 * What one step computes and moves, as straight lines through the exact counts of `models/counts.ts`: with B sequences
 * of n new tokens each after c tokens of context, T = B n and P = B (n c + n (n + 1) / 2) visible pairs,
 *   FLOPs = token T + pair P + sequence B,   bytes = weights + tokenBytes T + contextBytes B c.
 * The counts walk over every tensor; a plan of 10^5 cells asks 3 * 10^5 times.
 */

import { kvCacheBytesPerToken, stepCost } from '../models/counts.ts';
import type { ModelDescription } from '../models/description.ts';
import type { ModelFile } from '../models/model-file.ts';
import type { Precision } from '../models/precision.ts';

export interface StepModel {
  flops(batch: number, newTokens: number, contextTokens: number): number;
  bytes(batch: number, newTokens: number, contextTokens: number): number;
}

/**
 * The lines of one model at one precision; equal to `stepCost` at every whole number. Sliding windows bend the true
 * costs downwards: there the lines are an upper bound.
 */
export function stepModel(description: ModelDescription, precision: Precision): StepModel {
  const at = (newTokensPerSequence: number, contextTokens: number) =>
    stepCost({ description, precision, batch: 1, newTokensPerSequence, contextTokens });
  const [one, deep, two] = [at(1, 0), at(1, 1), at(2, 0)];
  const pair = deep.flops - one.flops;
  const token = two.flops - one.flops - 2 * pair;
  const sequence = one.flops - token - pair;
  const contextBytes = deep.totalBytes - one.totalBytes;
  const tokenBytes = two.totalBytes - one.totalBytes;
  const weights = one.totalBytes - tokenBytes;
  return {
    flops: (batch, newTokens, contextTokens) =>
      token * batch * newTokens +
      pair * batch * (newTokens * contextTokens + (newTokens * (newTokens + 1)) / 2) +
      sequence * batch,
    bytes: (batch, newTokens, contextTokens) =>
      weights + tokenBytes * batch * newTokens + contextBytes * batch * contextTokens,
  };
}

/**
 * The same for a model file without a description, for estimates of time only: every weight is read once a step and
 * multiplied once a token, attention over the context left out.
 */
export function fileStepModel({ totalBytes, parameters, sizes }: ModelFile, precision: Precision): StepModel {
  const { layerCount = 0, kvHeadCount = 0, headSize = 0 } = sizes;
  const kvBytes = kvCacheBytesPerToken({ layerCount, kvHeadCount, headSize }, precision.kvCache);
  return {
    flops: (batch, newTokens) => 2 * parameters * batch * newTokens,
    bytes: (batch, newTokens, contextTokens) => totalBytes + kvBytes * batch * (newTokens + contextTokens),
  };
}
