/**
 * What a model *is*, once: the block as plain data over named tensors. Graph writers (ONNX, GGUF), counts of bytes and
 * FLOPs, synthetic checkpoints and the Python workers (as JSON) all read this and nothing else.
 * Tensor names are those of the checkpoint (Hugging Face's); weights are [outFeatures, inFeatures] as stored there.
 */
import type { ModelShape } from './shape.ts';

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

/** Queries, keys and values in one matrix whose rows are ordered [head, (q,k,v), headSize]. */
export interface FusedQkv {
  readonly kind: 'fused-qkv';
  readonly rows: 'head-qkv-dim';
  readonly linear: Linear;
}

export interface AttentionBlock {
  readonly projection: FusedQkv;
  readonly output: Linear;
  readonly headCount: number;
  readonly kvHeadCount: number;
  readonly headSize: number;
  readonly rotary: { readonly dimensions: number; readonly base: number; readonly style: 'half-split' };
}

export interface MlpBlock {
  readonly kind: 'plain';
  readonly up: Linear;
  readonly activation: 'gelu-erf' | 'gelu-tanh';
  readonly down: Linear;
}

export interface DecoderBlock {
  readonly index: number;
  readonly attentionNorm: LayerNorm;
  readonly attention: AttentionBlock;
  readonly mlpNorm: LayerNorm;
  readonly mlp: MlpBlock;
  readonly residual: 'parallel' | 'sequential';
}

export interface ModelDescription {
  readonly shape: ModelShape;
  readonly embedding: { readonly weight: string; readonly rows: number; readonly columns: number };
  readonly blocks: readonly DecoderBlock[];
  readonly finalNorm: LayerNorm;
  readonly head: Linear;
}

/** One tensor that a checkpoint of the model must hold. */
export interface TensorSpec {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly role: 'embedding' | 'linear-weight' | 'linear-bias' | 'norm-weight' | 'norm-bias';
}

/** An architecture: how a Hugging Face `config.json` becomes a description. One file per architecture. */
export interface Architecture {
  /** `model_type` of config.json. */
  readonly modelType: string;
  readonly id: ModelShape['architecture'];
  /** @throws ProblemsError with every problem of the config at once. */
  parseConfig(config: unknown): ModelShape;
  /** The inverse: a config.json with the classic keys, so that every engine reads the same shape. */
  writeConfig(shape: ModelShape): Readonly<Record<string, unknown>>;
  describe(shape: ModelShape): ModelDescription;
  /** Buffers of real checkpoints that are skipped by name. */
  isBuffer(tensorName: string): boolean;
}

/** Every tensor of the description, in file order. */
export function tensorSpecs(model: ModelDescription): TensorSpec[] {
  const linear = (l: Linear): TensorSpec[] => [
    { name: l.weight, dimensions: [l.outFeatures, l.inFeatures], role: 'linear-weight' },
    ...(l.bias === undefined
      ? []
      : [{ name: l.bias, dimensions: [l.outFeatures], role: 'linear-bias' as const }]),
  ];
  const norm = (n: LayerNorm): TensorSpec[] => [
    { name: n.weight, dimensions: [n.size], role: 'norm-weight' },
    { name: n.bias, dimensions: [n.size], role: 'norm-bias' },
  ];
  const { embedding } = model;
  return [
    { name: embedding.weight, dimensions: [embedding.rows, embedding.columns], role: 'embedding' },
    ...model.blocks.flatMap((block) => [
      ...norm(block.attentionNorm),
      ...norm(block.mlpNorm),
      ...linear(block.attention.projection.linear),
      ...linear(block.attention.output),
      ...linear(block.mlp.up),
      ...linear(block.mlp.down),
    ]),
    ...norm(model.finalNorm),
    ...(model.head.weight === embedding.weight ? [] : linear(model.head)),
  ];
}
