/**
 * How probable a token is by the logits of its position, in natural logarithms and double precision:
 * ln p_i = x_i - ln sum_j exp(x_j).
 */

/** ln softmax(logits)[token]; at most 0, up to rounding. NaN where a logit is NaN. */
export const logProbability = (logits: Float32Array, token: number): number =>
  (logits[token] ?? Number.NaN) - logSumExp(logits);

/** ln sum_i exp(x_i), shifted by the largest so that nothing overflows. */
export function logSumExp(logits: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return largest + Math.log(sum);
}
