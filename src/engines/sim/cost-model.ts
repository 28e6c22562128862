/**
 * The cost model of the sim engine, exactly computable: durations in nanoseconds.
 *   prefill(P prompt tokens) = P * prefill_ns / T
 *   decode step(n sequences) = (step_ns * weightBits / 32 + n * sequence_ns) / T,   T = threads^threadScaling
 *   drawing the tokens of a step, where they are drawn = n * sequence_ns / 10 / T
 * Each is multiplied by the factor of its generation (see noise.ts) and rounded to whole nanoseconds.
 */
import { type PrecisionName, precisionKind } from '../../models/precision.ts';
import type { SimOptions } from './options.ts';

/** What drawing a token takes, of what a sequence takes in a step. */
const SAMPLING_SHARE = 0.1;

export interface CostModel {
  prefill_ns(promptTokens: number, factor: number): number;
  step_ns(sequences: number, factor: number): number;
  /** Drawing the next tokens of a step. */
  sampling_ns(sequences: number, factor: number): number;
  /** The part of a step that the weights take, at factor 1. */
  weights_ns(): number;
}

export function costModel(options: SimOptions, precision: PrecisionName, threads: number): CostModel {
  const speedUp = threads ** options.threadScaling;
  const { weightBits } = precisionKind(precision);
  if (weightBits === undefined) throw new RangeError(`no bits per weight in ${precision}`);
  const weights_ns = (options.step_ns * weightBits) / 32;
  return {
    prefill_ns: (promptTokens, factor) => Math.round((promptTokens * options.prefill_ns * factor) / speedUp),
    sampling_ns: (sequences, factor) =>
      Math.round((sequences * options.sequence_ns * SAMPLING_SHARE * factor) / speedUp),
    weights_ns: () => Math.round(weights_ns / speedUp),
    step_ns: (sequences, factor) =>
      Math.round(((weights_ns + sequences * options.sequence_ns) * factor) / speedUp),
  };
}
