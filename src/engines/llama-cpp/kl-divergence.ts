/** How far one distribution over the vocabulary is from another, from their logits. */

/**
 * KL(P || Q) in nats, P and Q the softmax of two rows of logits of the same length. Sums are in double precision;
 * rounding may give a tiny negative value, which is returned as 0.
 */
export function klDivergence(p: Float32Array, q: Float32Array): number {
  const logP = logSumExp(p);
  const logQ = logSumExp(q);
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) {
    const logProbability = (p[i] as number) - logP;
    sum += Math.exp(logProbability) * (logProbability - ((q[i] as number) - logQ));
  }
  return Math.max(0, sum);
}

function logSumExp(logits: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return largest + Math.log(sum);
}
