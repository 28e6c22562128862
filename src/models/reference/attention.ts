/**
 * Attention of the reference, one token at a time: grouped queries, norms over heads, rotary positions, sliding windows.
 * Legend: H = heads, d = head size, R = rotated dimensions of a head.
 */
import type { AttentionBlock } from '../description.ts';
import { rotaryFrequencies, rotaryMagnitude } from '../rotary.ts';
import { applyLinear, applyNorm, type DenseLinear, type DenseNorm, softmax } from './linear-algebra.ts';

/** Keys and values of one layer: [position][head * d]. */
export interface LayerCache {
  readonly keys: Float64Array[];
  readonly values: Float64Array[];
}

export interface LoadedAttention {
  readonly attention: AttentionBlock;
  /** Queries, keys and values, fused or separate. */
  readonly projections: readonly DenseLinear[];
  readonly headNorms: { readonly query: DenseNorm; readonly key: DenseNorm } | undefined;
  readonly output: DenseLinear;
}

/** What attention adds for the token at the next position, which `cache` takes in. `x` is the normed hidden state. */
export function attend(loaded: LoadedAttention, x: Float64Array, cache: LayerCache): Float64Array {
  const { attention } = loaded;
  const { headCount, kvHeadCount, headSize, scale, window } = attention;
  const position = cache.keys.length;
  const { query, key, value } = project(loaded, x);
  const queries = rotate(query, position, attention);
  cache.keys.push(rotate(key, position, attention));
  cache.values.push(value);

  const first = window === undefined ? 0 : Math.max(0, position + 1 - window);
  const mixed = new Float64Array(headCount * headSize);
  for (let head = 0; head < headCount; head += 1) {
    // Heads of queries share those of keys and values in groups.
    const kvFrom = Math.floor(head / (headCount / kvHeadCount)) * headSize;
    const from = head * headSize;
    const q = queries.subarray(from, from + headSize);
    const scores = Float64Array.from(
      cache.keys.slice(first),
      (k) => dot(q, k.subarray(kvFrom, kvFrom + headSize)) * scale,
    );
    softmax(scores).forEach((weight, t) => {
      const v = cache.values[first + t] as Float64Array;
      for (let i = 0; i < headSize; i += 1) {
        mixed[from + i] = (mixed[from + i] as number) + weight * (v[kvFrom + i] as number);
      }
    });
  }
  return applyLinear(loaded.output, mixed);
}

interface Projected {
  readonly query: Float64Array;
  readonly key: Float64Array;
  readonly value: Float64Array;
}

/** Queries, keys and values before the rotation, each [head * d]. */
function project({ attention, projections, headNorms }: LoadedAttention, x: Float64Array): Projected {
  const { headCount, headSize, projection } = attention;
  const [first, second, third] = projections.map((dense) => applyLinear(dense, x));
  const whole = first ?? new Float64Array(0);
  if (projection.kind === 'separate-qkv') {
    return {
      query: byHead(headNorms?.query, whole, headSize),
      key: byHead(headNorms?.key, second ?? whole, headSize),
      value: third ?? whole,
    };
  }
  // Rows of the fused projection: [head, (q, k, v), d].
  const part = (which: 0 | 1 | 2): Float64Array =>
    Float64Array.from(
      { length: headCount * headSize },
      (_, i) => whole[(3 * Math.floor(i / headSize) + which) * headSize + (i % headSize)] as number,
    );
  return { query: part(0), key: part(1), value: part(2) };
}

/** `norm` over each head of `heads`. */
function byHead(norm: DenseNorm | undefined, heads: Float64Array, headSize: number): Float64Array {
  if (norm === undefined) return heads;
  const result = heads.slice();
  for (let from = 0; from < heads.length; from += headSize) {
    result.set(applyNorm(norm, heads.subarray(from, from + headSize)), from);
  }
  return result;
}

/** Half-split rotation: dimension i of the first half of R turns with i + R / 2; dimensions from R on stay. */
function rotate(heads: Float64Array, position: number, attention: AttentionBlock): Float64Array {
  const half = attention.rotary.dimensions / 2;
  const frequencies = rotaryFrequencies(attention.rotary);
  const magnitude = rotaryMagnitude(attention.rotary);
  const rotated = heads.slice();
  for (let from = 0; from < heads.length; from += attention.headSize) {
    frequencies.forEach((frequency, i) => {
      const cosine = magnitude * Math.cos(position * frequency);
      const sine = magnitude * Math.sin(position * frequency);
      const a = heads[from + i] as number;
      const b = heads[from + half + i] as number;
      rotated[from + i] = a * cosine - b * sine;
      rotated[from + half + i] = b * cosine + a * sine;
    });
  }
  return rotated;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
