/**
 * Numeric precision as a record, with the short names that the field uses. Comparisons are made within equal weight
 * bits; the kind (which operands are quantised, and what computes) is always printed beside the name.
 */

export type WeightFormat = 'float32' | 'float16' | 'bfloat16' | 'int8' | 'int4' | 'nf4' | 'mixed';
export type ActivationFormat = 'float32' | 'float16' | 'bfloat16' | 'int8';
export type KvCacheFormat = 'float32' | 'float16' | 'bfloat16' | 'int8' | 'int4';

export interface Precision {
  readonly weights: WeightFormat;
  readonly activations: ActivationFormat;
  readonly kvCache: KvCacheFormat;
  /** Format in which products are accumulated. */
  readonly compute: 'float32' | 'float16' | 'bfloat16' | 'int32';
  /** Weights that share one scale; `undefined` = one scale per output row (or no scale at all). */
  readonly groupSize?: number;
}

export interface PrecisionKind {
  readonly name: PrecisionName;
  readonly precision: Precision;
  /** Nominal bits per weight: comparisons are made within equal bits. Undefined where only the file knows. */
  readonly weightBits: 32 | 16 | 8 | 4 | undefined;
  /** Whether greedy tokens must equal those of fp32. */
  readonly lossless: boolean;
  /** What a reader should know, in one line. */
  readonly summary: string;
}

export const FLOAT32: Precision = {
  weights: 'float32',
  activations: 'float32',
  kvCache: 'float32',
  compute: 'float32',
};

const kinds = {
  fp32: {
    precision: FLOAT32,
    weightBits: 32,
    lossless: true,
    summary: 'everything in 32-bit floating point',
  },
  fp16: {
    precision: { weights: 'float16', activations: 'float16', kvCache: 'float16', compute: 'float32' },
    weightBits: 16,
    lossless: false,
    summary: '16-bit floating-point weights',
  },
  bf16: {
    precision: { weights: 'bfloat16', activations: 'bfloat16', kvCache: 'bfloat16', compute: 'float32' },
    weightBits: 16,
    lossless: false,
    summary: 'bfloat16 weights and activations',
  },
  w8a8: {
    precision: { weights: 'int8', activations: 'int8', kvCache: 'float32', compute: 'int32' },
    weightBits: 8,
    lossless: false,
    summary: 'int8 weights (one scale per column) and int8 activations (quantised at run time)',
  },
  w8: {
    precision: {
      weights: 'int8',
      activations: 'float32',
      kvCache: 'float32',
      compute: 'float32',
      groupSize: 32,
    },
    weightBits: 8,
    lossless: false,
    summary: '8-bit weights in groups, activations kept in floating point by contract',
  },
  w4: {
    precision: {
      weights: 'int4',
      activations: 'float32',
      kvCache: 'float32',
      compute: 'float32',
      groupSize: 32,
    },
    weightBits: 4,
    lossless: false,
    summary: '4-bit weights in groups, activations kept in floating point by contract',
  },
  nf4: {
    precision: {
      weights: 'nf4',
      activations: 'bfloat16',
      kvCache: 'bfloat16',
      compute: 'bfloat16',
      groupSize: 64,
    },
    weightBits: 4,
    lossless: false,
    summary: '4-bit NormalFloat weights (bitsandbytes), bfloat16 compute',
  },
  file: {
    precision: { weights: 'mixed', activations: 'int8', kvCache: 'float32', compute: 'int32' },
    weightBits: undefined,
    lossless: false,
    summary: 'the weights of a GGUF file as they are stored (K-quants included)',
  },
} as const satisfies Record<string, Omit<PrecisionKind, 'name'>>;

export type PrecisionName = keyof typeof kinds;

export const PRECISION_NAMES: readonly PrecisionName[] = Object.keys(kinds) as PrecisionName[];

/** The kind called `name`. */
export function precisionKind(name: PrecisionName): PrecisionKind {
  return { name, ...kinds[name] };
}
