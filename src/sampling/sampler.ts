/**
 * Draws the next token from a row of logits: temperature, then top-k, then top-p (nucleus), then one uniform number, in
 * the order of Hugging Face's `generate`. The same code serves all embedded engines, so that what differs between them is
 * never the sampler. Each sequence has a random stream of its own that gives one number per token: which sequences share a batch
 * changes nothing. Probabilities are computed in float64.
 * Top-p: Holtzman et al., "The Curious Case of Neural Text Degeneration", ICLR 2020; top-k: Fan, Lewis, Dauphin,
 * "Hierarchical Neural Story Generation", ACL 2018.
 */
import { randomStream } from '../kernel/random.ts';
import type { Sampling } from '../protocol/sampling.ts';
import { type Cut, cutAt, isKept } from './cut.ts';

export interface Sampler {
  /**
   * The next token of `sequence` from the row `logits[offset, offset + vocabularySize)`. Negative infinity and NaN are
   * never drawn; 0 where there is nothing else.
   */
  choose(logits: Float32Array, offset: number, sequence: number): number;
}

/** A sampler for one generation of `sequences` sequences: every call with the same settings draws the same. */
export function createSampler(settings: Sampling, sequences: number, vocabularySize: number): Sampler {
  const { seed } = settings;
  const streams = Array.from({ length: sequences }, (_, i) => randomStream(seed, `sampling: sequence ${i}`));
  const scratch: Scratch = {
    ids: new Int32Array(vocabularySize),
    logits: new Float64Array(vocabularySize),
    weights: new Float64Array(vocabularySize),
  };
  return {
    choose: (logits, offset, sequence) => {
      const { count, total } = support(logits, offset, vocabularySize, settings, scratch);
      return draw(scratch, count, total, streams[sequence]?.next() ?? 0);
    },
  };
}

/** Tokens that may be drawn, ascending by id, in the first entries of each array. */
export interface Scratch {
  readonly ids: Int32Array;
  readonly logits: Float64Array;
  /** Proportional to the probabilities: exp((logit - highest) / temperature). */
  readonly weights: Float64Array;
}

/** Fills `scratch` with the tokens of a row that may be drawn. Exported for the tests of the sets. */
export function support(
  row: Float32Array,
  offset: number,
  vocabularySize: number,
  { temperature, topK, topP }: Sampling,
  scratch: Scratch,
): { readonly count: number; readonly total: number } {
  const { ids, logits, weights } = scratch;
  let highest = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (let id = 0; id < vocabularySize; id += 1) {
    const logit = row[offset + id] as number;
    if (!(logit > Number.NEGATIVE_INFINITY)) continue;
    if (logit > highest) highest = logit;
    ids[count] = id;
    logits[count] = logit;
    count += 1;
  }
  if (topK > 0 && topK < count)
    count = keep(
      scratch,
      cutAt({ count, ids, logits }, () => 1, topK),
      count,
    );
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    const weight = Math.exp(((logits[i] as number) - highest) / temperature);
    weights[i] = weight;
    total += weight;
  }
  if (topP < 1) {
    const cut = cutAt({ count, ids, logits }, (i) => weights[i] as number, topP * total);
    count = keep(scratch, cut, count);
    total = 0;
    for (let i = 0; i < count; i += 1) total += weights[i] as number;
  }
  return { count, total };
}

/** Moves what `cut` keeps of the first `count` entries to the front; how many that are. */
function keep({ ids, logits, weights }: Scratch, cut: Cut | undefined, count: number): number {
  if (cut === undefined) return count;
  let kept = 0;
  for (let i = 0; i < count; i += 1) {
    if (!isKept(cut, logits[i] as number, ids[i] as number)) continue;
    ids[kept] = ids[i] as number;
    logits[kept] = logits[i] as number;
    weights[kept] = weights[i] as number;
    kept += 1;
  }
  return kept;
}

/** By inversion: the first token, in the order of ids, up to which the weights exceed `u` of their sum. */
function draw({ ids, weights }: Scratch, count: number, total: number, u: number): number {
  const target = u * total;
  let sum = 0;
  let last = 0;
  for (let i = 0; i < count; i += 1) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    last = ids[i] as number;
    sum += weight;
    if (sum > target) break;
  }
  return last;
}
