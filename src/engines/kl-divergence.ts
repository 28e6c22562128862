/**
 * Kullback-Leibler divergence of two next-token distributions given as logits, in nats:
 * KL(p || q) = sum_i p_i (ln p_i - ln q_i), p = softmax(reference), q = softmax(other). Computed in double precision.
 */
import { logSumExp } from './log-probability.ts';

/** KL(softmax(reference) || softmax(other)); both of the same length. >= 0, up to rounding; exactly 0 for equal logits. */
export function klDivergence(reference: Float32Array, other: Float32Array): number {
  const referenceLog = logSumExp(reference);
  const otherLog = logSumExp(other);
  let sum = 0;
  for (let i = 0; i < reference.length; i += 1) {
    const p = (reference[i] as number) - referenceLog;
    const q = (other[i] as number) - otherLog;
    sum += Math.exp(p) * (p - q);
  }
  return Math.max(0, sum);
}
