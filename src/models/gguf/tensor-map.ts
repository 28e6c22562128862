/**
 * Which tensor of the checkpoint goes where in a GGUF file of architecture `gptneox`, and its metadata.
 * Source: tensor and key names of llama.cpp's gptneox model (src/models/gptneox.cpp, src/llama-arch.cpp).
 */
import type { DecoderBlock, LayerNorm, Linear, ModelDescription } from '../description.ts';
import type { GgufValue } from './format.ts';
import { type GgufType, tensorTypes } from './tensor-types.ts';

export interface GgufTensor {
  readonly name: string;
  /** Name in the checkpoint. */
  readonly source: string;
  /** Rows of the matrix, or 1 for a vector. */
  readonly rows: number;
  readonly columns: number;
  readonly type: GgufType;
  /** Row `i` of the file is row `rowOrder(i)` of the checkpoint (elements, for a vector). */
  readonly order: 'as-is' | 'qkv';
  readonly isVector: boolean;
}

const vector = (
  name: string,
  source: string,
  size: number,
  order: GgufTensor['order'] = 'as-is',
): GgufTensor => ({
  name,
  source,
  rows: 1,
  columns: size,
  type: 'f32',
  order,
  isVector: true,
});

const matrix = (
  name: string,
  source: string,
  rows: number,
  columns: number,
  type: GgufType,
  order: GgufTensor['order'] = 'as-is',
): GgufTensor => ({ name, source, rows, columns, type, order, isVector: false });

const linear = (
  name: string,
  layer: Linear,
  type: GgufType,
  order: GgufTensor['order'] = 'as-is',
): GgufTensor[] => [
  matrix(`${name}.weight`, layer.weight, layer.outFeatures, layer.inFeatures, type, order),
  ...(layer.bias === undefined ? [] : [vector(`${name}.bias`, layer.bias, layer.outFeatures, order)]),
];

const norm = (name: string, layer: LayerNorm): GgufTensor[] => [
  vector(`${name}.weight`, layer.weight, layer.size),
  vector(`${name}.bias`, layer.bias, layer.size),
];

/** Every tensor of the file, in file order. A tied head is written as a copy: llama.cpp's gptneox wants its own. */
export function ggufTensors(model: ModelDescription, type: GgufType): GgufTensor[] {
  const { embedding } = model;
  return [
    matrix('token_embd.weight', embedding.weight, embedding.rows, embedding.columns, type),
    ...model.blocks.flatMap((block) => blockTensors(block, type)),
    ...norm('output_norm', model.finalNorm),
    ...linear('output', model.head, type),
  ];
}

function blockTensors(block: DecoderBlock, type: GgufType): GgufTensor[] {
  const prefix = `blk.${block.index}`;
  return [
    ...norm(`${prefix}.attn_norm`, block.attentionNorm),
    ...linear(`${prefix}.attn_qkv`, block.attention.projection.linear, type, 'qkv'),
    ...linear(`${prefix}.attn_output`, block.attention.output, type),
    ...norm(`${prefix}.ffn_norm`, block.mlpNorm),
    ...linear(`${prefix}.ffn_up`, block.mlp.up, type),
    ...linear(`${prefix}.ffn_down`, block.mlp.down, type),
  ];
}

/** Row of the checkpoint ([head, (q,k,v), dim]) that is row `row` of the file ([(q,k,v), head, dim]). */
export function qkvSourceRow(row: number, headCount: number, headSize: number): number {
  const part = Math.floor(row / (headCount * headSize));
  const head = Math.floor(row / headSize) % headCount;
  return (head * 3 + part) * headSize + (row % headSize);
}

/** Keys of the file. There is no tokenizer in it: prompts are token ids. */
export function ggufMetadata(
  model: ModelDescription,
  type: GgufType,
  name: string,
): ReadonlyMap<string, GgufValue> {
  const { shape } = model;
  const uint32 = (value: number): GgufValue => ({ kind: 'uint32', value });
  const text = (value: string): GgufValue => ({ kind: 'string', value });
  return new Map<string, GgufValue>([
    ['general.architecture', text('gptneox')],
    ['general.name', text(name)],
    ['general.file_type', uint32(tensorTypes[type].fileType)],
    ['general.quantization_version', uint32(2)],
    ['gptneox.vocab_size', uint32(shape.vocabularySize)],
    ['gptneox.context_length', uint32(shape.maximumPositions)],
    ['gptneox.embedding_length', uint32(shape.hiddenSize)],
    ['gptneox.block_count', uint32(shape.layerCount)],
    ['gptneox.feed_forward_length', uint32(shape.feedForwardSize)],
    ['gptneox.rope.dimension_count', uint32(shape.rotary.dimensions)],
    ['gptneox.rope.freq_base', { kind: 'float32', value: shape.rotary.base }],
    ['gptneox.attention.head_count', uint32(shape.headCount)],
    // Both values give tokens without an error: it must be the config's.
    ['gptneox.use_parallel_residual', { kind: 'bool', value: shape.residual === 'parallel' }],
    ['gptneox.attention.layer_norm_epsilon', { kind: 'float32', value: shape.normEpsilon }],
    ['tokenizer.ggml.model', text('no_vocab')],
  ]);
}
