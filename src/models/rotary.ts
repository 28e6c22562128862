/**
 * Rotary positions (Su et al. 2021): pair j of R rotated dimensions turns by position * frequency[j], at first
 * base^(-2j / R). Longer contexts than those of training stretch the frequencies:
 * - linear (Chen et al. 2023): all of them by one factor;
 * - llama3 (Llama 3.1): long wavelengths by the factor, short ones not, a ramp between;
 * - yarn (Peng et al. 2023): a ramp over the pairs, and cosines and sines scaled by an attention factor.
 * Formulas as in transformers' modeling_rope_utils, in float64.
 */

export type RotaryScaling =
  | { readonly kind: 'linear'; readonly factor: number }
  | {
      readonly kind: 'llama3';
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly originalPositions: number;
    }
  | {
      readonly kind: 'yarn';
      readonly factor: number;
      /** Multiplies cosines and sines. */
      readonly attentionFactor: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly originalPositions: number;
      /** Whether the ends of the ramp are whole pairs. */
      readonly truncate: boolean;
    };

export interface Rotary {
  /** Dimensions of each head that are rotated (even). */
  readonly dimensions: number;
  readonly base: number;
  readonly scaling?: RotaryScaling;
}

/** The angle per position of each pair, [dimensions / 2]. */
export function rotaryFrequencies(rotary: Rotary): number[] {
  const { dimensions, base, scaling } = rotary;
  const plain = Array.from({ length: dimensions / 2 }, (_, j) => base ** ((-2 * j) / dimensions));
  switch (scaling?.kind) {
    case undefined:
      return plain;
    case 'linear':
      return plain.map((frequency) => frequency / scaling.factor);
    case 'llama3':
      return plain.map((frequency) => llama3(frequency, scaling));
    case 'yarn':
      return yarn(plain, rotary, scaling);
  }
}

/** What cosines and sines are multiplied by. */
export const rotaryMagnitude = ({ scaling }: Rotary): number =>
  scaling?.kind === 'yarn' ? scaling.attentionFactor : 1;

function llama3(frequency: number, scaling: Extract<RotaryScaling, { kind: 'llama3' }>): number {
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalPositions } = scaling;
  const turns = (originalPositions * frequency) / (2 * Math.PI);
  if (turns < low) return frequency / factor;
  if (turns > high) return frequency;
  const smooth = (turns - low) / (high - low);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}

function yarn(
  plain: readonly number[],
  { dimensions, base }: Rotary,
  scaling: Extract<RotaryScaling, { kind: 'yarn' }>,
): number[] {
  const { factor, betaFast, betaSlow, originalPositions, truncate } = scaling;
  const pairOf = (turns: number): number =>
    (dimensions * Math.log(originalPositions / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const low = Math.max(truncate ? Math.floor(pairOf(betaFast)) : pairOf(betaFast), 0);
  const last = Math.min(truncate ? Math.ceil(pairOf(betaSlow)) : pairOf(betaSlow), dimensions - 1);
  const high = last === low ? low + 0.001 : last;
  return plain.map((frequency, pair) => {
    const stretched = Math.min(1, Math.max(0, (pair - low) / (high - low)));
    return (frequency / factor) * stretched + frequency * (1 - stretched);
  });
}
