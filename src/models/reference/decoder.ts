/**
 * The decoder written down as plainly as it can be: one token at a time, float64 sums over the stored weights, keys and
 * values kept in growing lists. It is the oracle that engines are compared with; nothing in it is fast on purpose.
 * Legend: D = hidden size, H = heads, d = head size, R = rotated dimensions of a head, t = position.
 */
import type { Files } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { AttentionBlock, DecoderBlock, LayerNorm, Linear } from '../description.ts';
import { readFloats } from '../numeric/tensor-values.ts';
import { applyLinear, applyNorm, type DenseLinear, type DenseNorm, gelu, softmax } from './linear-algebra.ts';

/** Keys and values of one layer: [position][head * d]. */
interface LayerCache {
  readonly keys: Float64Array[];
  readonly values: Float64Array[];
}

export interface ReferenceSequence {
  /** Appends a token at the next position. Returns the logits of the token after it. @throws HayasaError */
  next(token: number): Float64Array;
}

export interface ReferenceModel {
  /** A new, empty sequence. */
  start(): ReferenceSequence;
}

interface LoadedBlock {
  readonly block: DecoderBlock;
  readonly attentionNorm: DenseNorm;
  readonly projection: DenseLinear;
  readonly output: DenseLinear;
  readonly mlpNorm: DenseNorm;
  readonly up: DenseLinear;
  readonly down: DenseLinear;
}

/** Reads all weights into memory as float32: meant for small checkpoints. @throws HayasaError where a file is gone */
export function loadReference(files: Files, checkpoint: Checkpoint): ReferenceModel {
  const { description } = checkpoint;
  const read = (name: string): Float32Array => {
    const tensor = checkpoint.tensors.get(name);
    if (tensor === undefined) {
      throw new HayasaError({
        code: 'reference/missing-tensor',
        message: `${name} is not in the checkpoint`,
      });
    }
    return readFloats(files, tensor);
  };
  const linear = ({ weight, bias, outFeatures, inFeatures }: Linear): DenseLinear => ({
    weight: read(weight),
    bias: bias === undefined ? undefined : read(bias),
    outFeatures,
    inFeatures,
  });
  const norm = ({ weight, bias, epsilon }: LayerNorm): DenseNorm => ({
    weight: read(weight),
    bias: read(bias),
    epsilon,
  });
  const blocks = description.blocks.map((block) => ({
    block,
    attentionNorm: norm(block.attentionNorm),
    projection: linear(block.attention.projection.linear),
    output: linear(block.attention.output),
    mlpNorm: norm(block.mlpNorm),
    up: linear(block.mlp.up),
    down: linear(block.mlp.down),
  }));
  const { rows, columns } = description.embedding;
  const embedding = read(description.embedding.weight);
  const finalNorm = norm(description.finalNorm);
  const head = linear(description.head);

  const start = (): ReferenceSequence => {
    const caches: LayerCache[] = blocks.map(() => ({ keys: [], values: [] }));
    return {
      next: (token) => {
        if (!Number.isInteger(token) || token < 0 || token >= rows) {
          throw new HayasaError({
            code: 'reference/token-outside-vocabulary',
            message: `token ${token} is outside the vocabulary of ${rows}`,
          });
        }
        let hidden = Float64Array.from(embedding.subarray(token * columns, (token + 1) * columns));
        blocks.forEach((block, i) => {
          hidden = applyBlock(block, hidden, caches[i] as LayerCache);
        });
        return applyLinear(head, applyNorm(finalNorm, hidden));
      },
    };
  };
  return { start };
}

function applyBlock(loaded: LoadedBlock, x: Float64Array, cache: LayerCache): Float64Array<ArrayBuffer> {
  const { block, attentionNorm, mlpNorm, up, down } = loaded;
  const mlp = (input: Float64Array): Float64Array =>
    applyLinear(
      down,
      applyLinear(up, applyNorm(mlpNorm, input)).map((value) => gelu(block.mlp.activation, value)),
    );
  const attended = add(x, attend(loaded, applyNorm(attentionNorm, x), cache));
  switch (block.residual) {
    case 'parallel':
      return add(attended, mlp(x));
    case 'sequential':
      return add(attended, mlp(attended));
  }
}

function attend(
  { block, projection, output }: LoadedBlock,
  x: Float64Array,
  cache: LayerCache,
): Float64Array {
  const { headCount, headSize } = block.attention;
  const position = cache.keys.length;
  const fused = applyLinear(projection, x);
  // Rows of the fused projection: [head, (q, k, v), d].
  const part = (which: 0 | 1 | 2): Float64Array =>
    Float64Array.from(
      { length: headCount * headSize },
      (_, i) => fused[(3 * Math.floor(i / headSize) + which) * headSize + (i % headSize)] as number,
    );
  const queries = rotate(part(0), position, block.attention);
  cache.keys.push(rotate(part(1), position, block.attention));
  cache.values.push(part(2));

  const mixed = new Float64Array(headCount * headSize);
  for (let head = 0; head < headCount; head += 1) {
    const from = head * headSize;
    const to = from + headSize;
    const query = queries.subarray(from, to);
    const scores = Float64Array.from(
      cache.keys,
      (key) => dot(query, key.subarray(from, to)) / Math.sqrt(headSize),
    );
    softmax(scores).forEach((weight, t) => {
      const value = cache.values[t] as Float64Array;
      for (let i = from; i < to; i += 1) mixed[i] = (mixed[i] as number) + weight * (value[i] as number);
    });
  }
  return applyLinear(output, mixed);
}

/**
 * Rotary positions (Su et al. 2021), half-split: dimension i of the first half of R turns with i + R / 2 by the angle
 * t * base^(-2 i / R); dimensions from R on stay.
 */
function rotate(heads: Float64Array, position: number, attention: AttentionBlock): Float64Array {
  const { dimensions, base } = attention.rotary;
  const half = dimensions / 2;
  const rotated = heads.slice();
  for (let from = 0; from < heads.length; from += attention.headSize) {
    for (let i = 0; i < half; i += 1) {
      const angle = position * base ** ((-2 * i) / dimensions);
      const a = heads[from + i] as number;
      const b = heads[from + half + i] as number;
      rotated[from + i] = a * Math.cos(angle) - b * Math.sin(angle);
      rotated[from + half + i] = b * Math.cos(angle) + a * Math.sin(angle);
    }
  }
  return rotated;
}

const add = (a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> =>
  Float64Array.from(a, (value, i) => value + (b[i] as number));

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
