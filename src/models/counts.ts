/**
 * Exact counts of parameters, bytes and FLOPs: the one place that plan, roofline and reports take them from.
 *
 * A multiply-add is 2 FLOPs. Counted are the matrix products: every linear layer, and in attention Q K^T and P V over
 * the positions that a token may see (causal, and inside its window). Not counted, because they are below 1 % of the products and no engine
 * reports them: biases, norms, softmax, rotary positions, activations.
 * Bytes are the least that a step must move: each weight once per step (that is what batching shares), the embedding
 * rows of the step's tokens, the cache of each sequence once, and the new keys and values once.
 */
import { HayasaError } from '../kernel/errors.ts';
import {
  type AttentionBlock,
  blockLinears,
  type Linear,
  type ModelDescription,
  type TensorSpec,
  tensorSpecs,
} from './description.ts';
import type { KvCacheFormat, Precision } from './precision.ts';
import type { ModelShape } from './shape.ts';

/** How an engine stores quantised weights; left out = the defaults that each field names. */
export interface StorageLayout {
  /** Bytes of one scale. Default: 4 (float32); 2 for formats of llama.cpp. */
  readonly scaleBytes?: number;
  /** Bytes of one element that is not quantised (embedding, norms, biases). Default: 4. */
  readonly plainBytes?: 2 | 4;
  /** Whether the embedding table is quantised like the linear weights. Default: no. */
  readonly quantisedEmbedding?: boolean;
}

export interface StepShape {
  readonly description: ModelDescription;
  readonly precision: Precision;
  readonly layout?: StorageLayout;
  /** Sequences of the step. */
  readonly batch: number;
  /** New tokens of each sequence: 1 in decode, the prompt's length in prefill. */
  readonly newTokensPerSequence: number;
  /** Tokens of each sequence that are in the cache before the step (a mean where lengths differ). */
  readonly contextTokens: number;
}

export interface StepCost {
  readonly flops: number;
  readonly weightBytes: number;
  readonly kvReadBytes: number;
  readonly kvWriteBytes: number;
  /** Sum of the three. */
  readonly totalBytes: number;
}

const KV_BYTES = { float32: 4, float16: 2, bfloat16: 2, int8: 1, int4: 0.5 } as const satisfies Record<
  KvCacheFormat,
  number
>;

/** Elements of every tensor of the model; a tied head counts once. */
export function parameterCount(description: ModelDescription): number {
  return sum(tensorSpecs(description).map(elements));
}

/**
 * Bytes of all weights in memory.
 *
 * float32, float16, bfloat16: every tensor in that format. int8, int4, nf4: the weights of every linear layer, the head
 * included, take 8 or 4 bits plus their scales (one per `groupSize` weights of a row, the last group of a row may be
 * short; one per row without a group size); embedding, norms and biases stay plain. A tied head is stored a second
 * time when it is quantised and the embedding is not.
 * @throws HayasaError `counts/mixed-precision` for `mixed` weights: their bytes are those of the file
 */
export function weightBytes(
  description: ModelDescription,
  precision: Precision,
  layout: StorageLayout = {},
): number {
  const specs = tensorSpecs(description);
  const plain = sum(specs.filter(isPlain).map(elements)) * plainBytes(precision, layout);
  const linears = linearsOf(description).filter((linear) => !isTied(description, linear));
  return (
    plain +
    embeddingBytes(description, precision, layout) +
    sum(linears.map((linear) => linearBytes(linear, precision, layout))) +
    tiedHeadCopyBytes(description, precision, layout)
  );
}

/** Bytes of one token's keys and values in all layers (scales of int8 and int4 caches left out). */
export function kvCacheBytesPerToken(
  shape: Pick<ModelShape, 'layerCount' | 'kvHeadCount' | 'headSize'>,
  format: KvCacheFormat,
): number {
  return 2 * shape.layerCount * shape.kvHeadCount * shape.headSize * KV_BYTES[format];
}

/**
 * What one step must compute and move. The head runs on the last position of each sequence only.
 * @throws HayasaError `counts/mixed-precision`
 */
export function stepCost(step: StepShape): StepCost {
  const { description, precision, layout = {}, batch, newTokensPerSequence, contextTokens } = step;
  const tokens = batch * newTokensPerSequence;
  const rowBytes =
    embeddingBytes(description, precision, layout) / description.embedding.rows +
    (description.positions?.columns ?? 0) * plainBytes(precision, layout);
  const { blocks } = description;
  const layerBytes = kvCacheBytesPerToken({ ...description.shape, layerCount: 1 }, precision.kvCache);

  const specs = tensorSpecs(description);
  const stepWeightBytes =
    sum(specs.filter((spec) => isPlain(spec) && spec.role !== 'positions').map(elements)) *
      plainBytes(precision, layout) +
    sum(linearsOf(description).map((linear) => linearBytes(linear, precision, layout))) +
    tokens * rowBytes;
  const read = sum(blocks.map(({ attention }) => Math.min(contextTokens, seenBefore(attention))));
  const kvReadBytes = batch * read * layerBytes;
  const kvWriteBytes = tokens * blocks.length * layerBytes;
  return {
    flops: stepFlops(step),
    weightBytes: stepWeightBytes,
    kvReadBytes,
    kvWriteBytes,
    totalBytes: stepWeightBytes + kvReadBytes + kvWriteBytes,
  };
}

function stepFlops({ description, batch, newTokensPerSequence, contextTokens }: StepShape): number {
  const tokens = batch * newTokensPerSequence;
  const blocks = description.blocks.map((block) => {
    const { headCount, headSize, window } = block.attention;
    const pairs = batch * visiblePairs(newTokensPerSequence, contextTokens, window);
    // Q K^T and P V: 2 FLOPs per element each.
    return 2 * tokens * sum(blockLinears(block).map(weightElements)) + 4 * pairs * headCount * headSize;
  });
  return sum(blocks) + 2 * batch * weightElements(description.head);
}

/**
 * (query, key) pairs of one sequence: new token i (from 1) sees the context and the i new tokens up to itself, but no
 * more than `window` in all.
 */
function visiblePairs(newTokens: number, contextTokens: number, window: number | undefined): number {
  const unlimited = Math.min(
    newTokens,
    Math.max(0, window === undefined ? newTokens : Math.floor(window - contextTokens)),
  );
  const limited = newTokens - unlimited;
  return (
    unlimited * contextTokens +
    (unlimited * (unlimited + 1)) / 2 +
    (limited === 0 ? 0 : limited * (window ?? 0))
  );
}

/** Tokens of the context that a new token may see at most. */
const seenBefore = ({ window }: AttentionBlock): number =>
  window === undefined ? Number.POSITIVE_INFINITY : window - 1;

function linearBytes(linear: Linear, precision: Precision, layout: StorageLayout): number {
  const bits = bitsOf(precision);
  const data = Math.ceil((weightElements(linear) * bits) / 8);
  if (bits >= 16) return data;
  const groupsPerRow =
    precision.groupSize === undefined ? 1 : Math.ceil(linear.inFeatures / precision.groupSize);
  return data + linear.outFeatures * groupsPerRow * (layout.scaleBytes ?? 4);
}

function embeddingBytes(
  { embedding }: ModelDescription,
  precision: Precision,
  layout: StorageLayout,
): number {
  if (layout.quantisedEmbedding !== true) {
    return embedding.rows * embedding.columns * plainBytes(precision, layout);
  }
  const asLinear = { kind: 'linear', weight: '', bias: undefined } as const;
  return linearBytes(
    { ...asLinear, outFeatures: embedding.rows, inFeatures: embedding.columns },
    precision,
    layout,
  );
}

/** A tied head needs its own bytes only where it is stored differently from the embedding. */
function tiedHeadCopyBytes(
  description: ModelDescription,
  precision: Precision,
  layout: StorageLayout,
): number {
  const shared = bitsOf(precision) >= 16 || layout.quantisedEmbedding === true;
  return isTied(description, description.head) && !shared
    ? linearBytes(description.head, precision, layout)
    : 0;
}

function plainBytes(precision: Precision, layout: StorageLayout): number {
  const bits = bitsOf(precision);
  return bits >= 16 ? bits / 8 : (layout.plainBytes ?? 4);
}

/** Bits per weight without scales. */
function bitsOf(precision: Precision): number {
  switch (precision.weights) {
    case 'float32':
      return 32;
    case 'float16':
    case 'bfloat16':
      return 16;
    case 'int8':
      return 8;
    case 'int4':
    case 'nf4':
      return 4;
    case 'mixed':
      throw new HayasaError({
        code: 'counts/mixed-precision',
        message: {
          en: 'weights of mixed formats have no bytes per weight',
          ja: '形式の混ざった重みには、重み 1 つあたりのバイト数がありません',
        },
        hint: { en: "take the file's own bytes", ja: 'ファイル自体のバイト数を使ってください' },
      });
  }
}

const linearsOf = (description: ModelDescription): readonly Linear[] => [
  ...description.blocks.flatMap(blockLinears),
  description.head,
];

const isTied = ({ embedding }: ModelDescription, linear: Linear): boolean =>
  linear.weight === embedding.weight;

/** Norms, biases and learned positions. */
const isPlain = ({ role }: TensorSpec): boolean => role !== 'embedding' && role !== 'linear-weight';

const weightElements = ({ outFeatures, inFeatures }: Linear): number => outFeatures * inFeatures;

const elements = ({ dimensions }: TensorSpec): number =>
  dimensions.reduce((product, size) => product * size, 1);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
