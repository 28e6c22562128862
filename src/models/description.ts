/**
 * What a model *is*, once: the block as plain data over named tensors. Graph writers (ONNX, GGUF), counts of bytes and
 * FLOPs, synthetic checkpoints and the Python workers (as JSON) all read this and nothing else.
 * Tensor names are those of the checkpoint (Hugging Face's); weights are [outFeatures, inFeatures] as stored there.
 */
import type { Rotary } from './rotary.ts';
import type { Activation, ModelShape } from './shape.ts';

/** y = x W^T + b */
export interface Linear {
  readonly kind: 'linear';
  readonly weight: string;
  readonly bias: string | undefined;
  readonly outFeatures: number;
  readonly inFeatures: number;
}

export interface LayerNorm {
  readonly kind: 'layer-norm';
  readonly weight: string;
  readonly bias: string;
  readonly size: number;
  readonly epsilon: number;
}

/** y = x / sqrt(mean(x^2) + epsilon) * (offset + weight), over the last `size` values (Zhang and Sennrich 2019). */
export interface RmsNorm {
  readonly kind: 'rms-norm';
  readonly weight: string;
  readonly size: number;
  readonly epsilon: number;
  /** 1 where the weight is stored as its distance from one. */
  readonly offset: 0 | 1;
}

export type Norm = LayerNorm | RmsNorm;

/** Queries, keys and values in one matrix whose rows are ordered [head, (q,k,v), headSize]. */
export interface FusedQkv {
  readonly kind: 'fused-qkv';
  readonly rows: 'head-qkv-dim';
  readonly linear: Linear;
}

/** A matrix for each; keys and values may have fewer heads (grouped queries). */
export interface SeparateQkv {
  readonly kind: 'separate-qkv';
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  /** Norms over each head of queries and keys, before the rotation. */
  readonly headNorms: { readonly query: RmsNorm; readonly key: RmsNorm } | undefined;
}

export interface AttentionBlock {
  readonly projection: FusedQkv | SeparateQkv;
  readonly output: Linear;
  readonly headCount: number;
  readonly kvHeadCount: number;
  readonly headSize: number;
  /** Scores are q k * scale. */
  readonly scale: number;
  readonly rotary: Rotary;
  /** Tokens that a token sees, itself included; undefined = all before it. */
  readonly window: number | undefined;
}

/** down(activation(up(x))) */
export interface PlainMlp {
  readonly kind: 'plain';
  readonly up: Linear;
  readonly activation: Activation;
  readonly down: Linear;
}

/** down(activation(gate(x)) * up(x)): SwiGLU with silu, GeGLU with a GELU (Shazeer 2020). */
export interface GatedMlp {
  readonly kind: 'gated';
  readonly gate: Linear;
  readonly up: Linear;
  readonly activation: Activation;
  readonly down: Linear;
}

export interface DecoderBlock {
  readonly index: number;
  readonly attentionNorm: Norm;
  readonly attention: AttentionBlock;
  /** Applied to what attention and MLP give, before it is added. */
  readonly outputNorms: { readonly attention: Norm; readonly mlp: Norm } | undefined;
  readonly mlpNorm: Norm;
  readonly mlp: PlainMlp | GatedMlp;
  readonly residual: 'parallel' | 'sequential';
}

export interface ModelDescription {
  readonly shape: ModelShape;
  readonly embedding: {
    readonly weight: string;
    readonly rows: number;
    readonly columns: number;
    /** What rows are multiplied by; undefined = nothing. */
    readonly scale: number | undefined;
  };
  /** Learned positions: row `position + offset` is added to the token's; absent where positions are rotary. */
  readonly positions?: {
    readonly weight: string;
    readonly rows: number;
    readonly columns: number;
    readonly offset: number;
  };
  readonly blocks: readonly DecoderBlock[];
  readonly finalNorm: Norm;
  readonly head: Linear;
}

/** One tensor that a checkpoint of the model must hold. */
export interface TensorSpec {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly role:
    | 'embedding'
    | 'positions'
    | 'linear-weight'
    | 'linear-bias'
    | 'norm-weight'
    | 'norm-offset'
    | 'norm-bias';
}

/** The linear layers that make queries, keys and values. */
export const projectionLinears = ({ projection }: AttentionBlock): readonly Linear[] =>
  projection.kind === 'fused-qkv'
    ? [projection.linear]
    : [projection.query, projection.key, projection.value];

/** The linear layers of a block, in file order. */
export const blockLinears = ({ attention, mlp }: DecoderBlock): readonly Linear[] => [
  ...projectionLinears(attention),
  attention.output,
  ...(mlp.kind === 'gated' ? [mlp.gate] : []),
  mlp.up,
  mlp.down,
];

/** Every tensor of the description, in file order. */
export function tensorSpecs(model: ModelDescription): TensorSpec[] {
  const { embedding, positions, head } = model;
  return [
    { name: embedding.weight, dimensions: [embedding.rows, embedding.columns], role: 'embedding' },
    ...(positions === undefined
      ? []
      : [
          {
            name: positions.weight,
            dimensions: [positions.rows, positions.columns],
            role: 'positions' as const,
          },
        ]),
    ...model.blocks.flatMap((block) => [
      ...blockNorms(block).flatMap(normSpecs),
      ...blockLinears(block).flatMap(linearSpecs),
    ]),
    ...normSpecs(model.finalNorm),
    ...(head.weight === embedding.weight ? [] : linearSpecs(head)),
  ];
}

function blockNorms({ attentionNorm, mlpNorm, outputNorms, attention }: DecoderBlock): Norm[] {
  const { projection } = attention;
  const headNorms = projection.kind === 'separate-qkv' ? projection.headNorms : undefined;
  return [
    attentionNorm,
    mlpNorm,
    ...(outputNorms === undefined ? [] : [outputNorms.attention, outputNorms.mlp]),
    ...(headNorms === undefined ? [] : [headNorms.query, headNorms.key]),
  ];
}

const linearSpecs = ({ weight, bias, outFeatures, inFeatures }: Linear): TensorSpec[] => [
  { name: weight, dimensions: [outFeatures, inFeatures], role: 'linear-weight' },
  ...(bias === undefined ? [] : [{ name: bias, dimensions: [outFeatures], role: 'linear-bias' as const }]),
];

function normSpecs(norm: Norm): TensorSpec[] {
  const dimensions = [norm.size];
  switch (norm.kind) {
    case 'layer-norm':
      return [
        { name: norm.weight, dimensions, role: 'norm-weight' },
        { name: norm.bias, dimensions, role: 'norm-bias' },
      ];
    case 'rms-norm':
      return [{ name: norm.weight, dimensions, role: norm.offset === 1 ? 'norm-offset' : 'norm-weight' }];
  }
}
