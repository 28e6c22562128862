/** The few operations of a decoder on float64 rows: plain loops, no tricks. Rows are vectors of one token. */
import type { Activation } from '../shape.ts';

/** Weights as stored: [outFeatures, inFeatures], row by row. */
export interface DenseLinear {
  readonly weight: Float32Array;
  readonly bias: Float32Array | undefined;
  readonly outFeatures: number;
  readonly inFeatures: number;
}

export type DenseNorm =
  | {
      readonly kind: 'layer-norm';
      readonly weight: Float32Array;
      readonly bias: Float32Array;
      readonly epsilon: number;
    }
  | {
      readonly kind: 'rms-norm';
      readonly weight: Float32Array;
      readonly offset: 0 | 1;
      readonly epsilon: number;
    };

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

/** Layer normalisation with the biased variance (Ba et al. 2016), or by the root mean square (Zhang, Sennrich 2019). */
export function applyNorm(norm: DenseNorm, x: Float64Array): Float64Array {
  const { weight, epsilon } = norm;
  if (norm.kind === 'rms-norm') {
    const meanSquare = x.reduce((sum, value) => sum + value ** 2, 0) / x.length;
    const scale = 1 / Math.sqrt(meanSquare + epsilon);
    return x.map((value, i) => value * scale * (norm.offset + (weight[i] as number)));
  }
  const { bias } = norm;
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

/** Both forms of GELU (Hendrycks and Gimpel 2016): exact, and the tanh approximation; x sigmoid(x), and max(0, x). */
export function activate(form: Activation, x: number): number {
  switch (form) {
    case 'relu':
      return Math.max(0, x);
    case 'silu':
      return x / (1 + Math.exp(-x));
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
