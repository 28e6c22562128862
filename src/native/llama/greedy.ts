/** Greedy choice over rows of logits. */

/**
 * Index of the largest of `logits[offset, offset + length)`, counted from `offset`; the first one where several are
 * equal (as Hugging Face's and ONNX's ArgMax do). NaN never wins; 0 when nothing is above negative infinity.
 */
export function argmax(logits: Float32Array, offset: number, length: number): number {
  let best = 0;
  let bestValue = Number.NEGATIVE_INFINITY;
  const end = offset + length;
  for (let i = offset; i < end; i += 1) {
    const value = logits[i] as number;
    if (value > bestValue) {
      bestValue = value;
      best = i - offset;
    }
  }
  return best;
}
