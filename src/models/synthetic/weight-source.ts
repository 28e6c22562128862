/**
 * Seeded random weights at the speed of a disk: a pool of normal deviates is made once, and each tensor is a sequence
 * of slices of it at random places. Each tensor draws from a stream of its own, so it depends on seed, shape and name
 * alone, not on the order or the files that it is written in.
 *
 * No two rows of one tensor are equal (their slices start at different phases): equal rows of the head would tie their
 * logits, and engines would break the tie differently.
 * Spread, chosen by trying (greedy tokens of the plain decoder): a linear weight has the deviation gain / sqrt(inputs), so
 * it is the same at any size. Queries and keys are strong (gain 1.5): attention is far from uniform, positions matter,
 * the next token depends on the whole context, and greedy text seldom falls into a loop. The MLP's output is weak
 * (gain 0.1): llama.cpp computes GELU from a float16 table, and with gain 1 that difference alone came within a factor
 * of 400 of the usual distance between the two largest logits; now it is a factor of 2,500 or more.
 */
import { randomStream } from '../../kernel/random.ts';
import type { TensorDtype } from '../checkpoint/checkpoint.ts';
import { dtypeBytes } from '../checkpoint/checkpoint.ts';
import { type ModelDescription, projectionLinears, type TensorSpec, tensorSpecs } from '../description.ts';
import { encodeFloats } from '../numeric/tensor-values.ts';

/** Same version, seed, shape and dtype: same bytes. */
export const GENERATOR_VERSION = 2;

const LARGEST_POOL = 2 ** 20;
const SMALLEST_POOL = 2 ** 12;
const EMBEDDING_DEVIATION = 1;
/** Small beside what the layers add: a tied head would find the last token itself again, and greedy text would stand. */
const TIED_EMBEDDING_DEVIATION = 0.02;
const QKV_GAIN = 1.5;
const MLP_OUTPUT_GAIN = 0.1;
/** Biases and norms: small, but not so small that an engine could forget them unnoticed. */
const SMALL_DEVIATION = 0.1;

export interface WeightSource {
  /** The bytes of a tensor, in slices of at most 4 MiB that must not be changed or kept. */
  chunks(spec: TensorSpec): Generator<Uint8Array>;
}

/** The weights of `seed` for a model. */
export function weightSource(seed: number, dtype: TensorDtype, description: ModelDescription): WeightSource {
  const specs = tensorSpecs(description);
  const gains = gainsOf(description);
  const largest = specs.reduce((most, spec) => Math.max(most, elementsOf(spec)), 1);
  const poolElements = Math.min(
    LARGEST_POOL,
    Math.max(SMALLEST_POOL, 2 ** Math.ceil(Math.log2(2 * largest))),
  );
  const deviates = normalDeviates(seed, poolElements);
  const pools = new Map<string, Uint8Array>();
  const poolOf = ({ mean, deviation }: Distribution): Uint8Array => {
    const key = `${mean} ${deviation}`;
    const pool =
      pools.get(key) ??
      encodeFloats(
        deviates.map((value) => mean + deviation * value),
        dtype,
      );
    pools.set(key, pool);
    return pool;
  };
  return {
    chunks: (spec) =>
      slices(
        poolOf(distributionOf(spec, gains.get(spec.name) ?? 1, embeddingDeviation(description))),
        spec,
        seed,
        dtypeBytes(dtype),
      ),
  };
}

interface Distribution {
  readonly mean: number;
  readonly deviation: number;
}

/** Linear weights whose gain is not 1, by name. */
function gainsOf({ blocks }: ModelDescription): ReadonlyMap<string, number> {
  return new Map(
    blocks.flatMap(({ attention, mlp }) => [
      ...projectionLinears(attention).map(({ weight }) => [weight, QKV_GAIN] as const),
      [mlp.down.weight, MLP_OUTPUT_GAIN] as const,
    ]),
  );
}

/** Before the scale that some models multiply embeddings by. */
const embeddingDeviation = ({ embedding, head }: ModelDescription): number =>
  (head.weight === embedding.weight ? TIED_EMBEDDING_DEVIATION : EMBEDDING_DEVIATION) /
  (embedding.scale ?? 1);

function distributionOf({ role, dimensions }: TensorSpec, gain: number, ofEmbedding: number): Distribution {
  switch (role) {
    case 'embedding':
    case 'positions':
      return { mean: 0, deviation: ofEmbedding };
    case 'linear-weight':
      return { mean: 0, deviation: gain / Math.sqrt(dimensions.at(-1) ?? 1) };
    case 'norm-weight':
      return { mean: 1, deviation: SMALL_DEVIATION };
    case 'norm-offset':
    case 'linear-bias':
    case 'norm-bias':
      return { mean: 0, deviation: SMALL_DEVIATION };
  }
}

function normalDeviates(seed: number, count: number): Float32Array {
  const stream = randomStream(seed, 'synthetic weights: pool');
  return Float32Array.from({ length: count }, () => stream.normal());
}

function* slices(pool: Uint8Array, spec: TensorSpec, seed: number, size: number): Generator<Uint8Array> {
  const stream = randomStream(seed, `synthetic weights: ${spec.name}`);
  const total = elementsOf(spec);
  const rowLength = spec.dimensions.at(-1) ?? 1;
  const longest = pool.byteLength / size / 2;
  const phase = stream.integer(rowLength);
  for (let start = 0, index = 0; start < total; start += longest, index += 1) {
    const draw = stream.integer(Math.max(1, longest - rowLength));
    // Rows of slice `index` start in the pool at places congruent to phase + index.
    const shift = (((phase + index + start - draw) % rowLength) + rowLength) % rowLength;
    const offset = Math.min(draw + shift, longest) * size;
    yield pool.subarray(offset, offset + Math.min(longest, total - start) * size);
  }
}

const elementsOf = ({ dimensions }: TensorSpec): number => dimensions.reduce((product, n) => product * n, 1);
