/** The few operations of a decoder on float64 rows: plain loops, no tricks. Rows are vectors of one token. */
import type { MlpBlock } from '../description.ts';

/** Weights as stored: [outFeatures, inFeatures], row by row. */
export interface DenseLinear {
  readonly weight: Float32Array;
  readonly bias: Float32Array | undefined;
  readonly outFeatures: number;
  readonly inFeatures: number;
}

export interface DenseNorm {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly epsilon: number;
}

/** y = W x + b */
export function applyLinear(
  { weight, bias, outFeatures, inFeatures }: DenseLinear,
  x: Float64Array,
): Float64Array {
  const y = new Float64Array(outFeatures);
  for (let o = 0; o < outFeatures; o += 1) {
    let sum = bias?.[o] ?? 0;
    const row = o * inFeatures;
    for (let i = 0; i < inFeatures; i += 1) sum += (weight[row + i] as number) * (x[i] as number);
    y[o] = sum;
  }
  return y;
}

/** Layer normalisation with the biased variance, as in the paper (Ba et al. 2016). */
export function applyNorm({ weight, bias, epsilon }: DenseNorm, x: Float64Array): Float64Array {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  const scale = 1 / Math.sqrt(variance + epsilon);
  return x.map((value, i) => (value - mean) * scale * (weight[i] as number) + (bias[i] as number));
}

/** exp(x - max) / sum */
export function softmax(scores: Float64Array): Float64Array {
  const largest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const exponentials = scores.map((score) => Math.exp(score - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

/** Both forms of GELU (Hendrycks and Gimpel 2016): exact, and the tanh approximation. */
export function gelu(form: MlpBlock['activation'], x: number): number {
  switch (form) {
    case 'gelu-erf':
      return 0.5 * x * (1 + erf(x / Math.SQRT2));
    case 'gelu-tanh':
      return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  }
}

/**
 * The error function to about 1e-15: its power series up to 3 (Abramowitz and Stegun 7.1.5), the continued fraction of
 * erfc beyond (7.1.14).
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  const value = magnitude < 3 ? erfSeries(magnitude) : 1 - erfcFraction(magnitude);
  return x < 0 ? -value : value;
}

function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * sum; n += 1) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function erfcFraction(x: number): number {
  let fraction = x;
  for (let n = 60; n >= 1; n -= 1) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
