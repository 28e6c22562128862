/**
 * Which tensor of the checkpoint goes where in a GGUF file, and the file's metadata.
 * Source: tensor and key names of llama.cpp (src/llama-arch.cpp); what an architecture does of its own is in its file.
 */
import { architectureById } from '../architectures/registry.ts';
import type { DecoderBlock, Linear, ModelDescription, Norm } from '../description.ts';
import { rotaryFrequencies } from '../rotary.ts';
import type { ModelShape } from '../shape.ts';
import type { GgufValue } from './format.ts';
import { type GgufType, tensorTypes } from './tensor-types.ts';

export interface GgufTensor {
  readonly name: string;
  readonly source: GgufTensorSource;
  /** Rows of the matrix, or 1 for a vector. */
  readonly rows: number;
  readonly columns: number;
  readonly type: GgufType;
  /** Which row of the checkpoint is row `i` of the file (element, for a vector). */
  readonly order: RowOrder;
  readonly isVector: boolean;
}

export type GgufTensorSource =
  /** `plus` is added to every value. */
  | { readonly kind: 'checkpoint'; readonly name: string; readonly plus: 0 | 1 }
  | { readonly kind: 'values'; readonly values: Float32Array };

/** `qkv`: [head, (q,k,v), dim] -> [(q,k,v), head, dim]; `interleaved`: halves of each head -> neighbours. */
type RowOrder = 'as-is' | 'qkv' | 'interleaved';

interface Writer {
  readonly type: GgufType;
  /** How rows of separate queries and keys are written. */
  readonly rotated: RowOrder;
}

const stored = (name: string, plus: 0 | 1 = 0): GgufTensorSource => ({ kind: 'checkpoint', name, plus });

const vector = (
  name: string,
  source: GgufTensorSource,
  size: number,
  order: RowOrder = 'as-is',
): GgufTensor => ({ name, source, rows: 1, columns: size, type: 'f32', order, isVector: true });

function linear(name: string, layer: Linear, { type }: Writer, order: RowOrder = 'as-is'): GgufTensor[] {
  const { weight, bias, outFeatures: rows, inFeatures: columns } = layer;
  return [
    { name: `${name}.weight`, source: stored(weight), rows, columns, type, order, isVector: false },
    ...(bias === undefined ? [] : [vector(`${name}.bias`, stored(bias), rows, order)]),
  ];
}

function norm(name: string, layer: Norm): GgufTensor[] {
  switch (layer.kind) {
    case 'layer-norm':
      return [
        vector(`${name}.weight`, stored(layer.weight), layer.size),
        vector(`${name}.bias`, stored(layer.bias), layer.size),
      ];
    case 'rms-norm':
      // llama.cpp wants the weight itself.
      return [vector(`${name}.weight`, stored(layer.weight, layer.offset), layer.size)];
  }
}

/** Every tensor of the file, in file order. */
export function ggufTensors(model: ModelDescription, type: GgufType): GgufTensor[] {
  const { embedding, head } = model;
  const naming = architectureById(model.shape.architecture).gguf;
  const writer: Writer = {
    type,
    rotated: naming.rotaryOrder === 'interleaved' ? 'interleaved' : 'as-is',
  };
  const isShared = head.weight === embedding.weight && naming.tiedHead === 'shared';
  const asLinear: Linear = {
    kind: 'linear',
    weight: embedding.weight,
    bias: undefined,
    outFeatures: embedding.rows,
    inFeatures: embedding.columns,
  };
  return [
    ...linear('token_embd', asLinear, writer),
    ...rotaryFactors(model),
    ...model.blocks.flatMap((block) => blockTensors(block, writer)),
    ...norm('output_norm', model.finalNorm),
    ...(isShared ? [] : linear('output', head, writer)),
  ];
}

function blockTensors(block: DecoderBlock, writer: Writer): GgufTensor[] {
  const prefix = `blk.${block.index}`;
  const { mlp, outputNorms } = block;
  return [
    ...norm(`${prefix}.attn_norm`, block.attentionNorm),
    ...projectionTensors(prefix, block, writer),
    ...linear(`${prefix}.attn_output`, block.attention.output, writer),
    ...(outputNorms === undefined ? [] : norm(`${prefix}.post_attention_norm`, outputNorms.attention)),
    ...norm(`${prefix}.ffn_norm`, block.mlpNorm),
    ...(mlp.kind === 'gated' ? linear(`${prefix}.ffn_gate`, mlp.gate, writer) : []),
    ...linear(`${prefix}.ffn_up`, mlp.up, writer),
    ...linear(`${prefix}.ffn_down`, mlp.down, writer),
    ...(outputNorms === undefined ? [] : norm(`${prefix}.post_ffw_norm`, outputNorms.mlp)),
  ];
}

function projectionTensors(prefix: string, { attention }: DecoderBlock, writer: Writer): GgufTensor[] {
  const { projection } = attention;
  if (projection.kind === 'fused-qkv') {
    return linear(`${prefix}.attn_qkv`, projection.linear, writer, 'qkv');
  }
  const { query, key, value, headNorms } = projection;
  return [
    ...linear(`${prefix}.attn_q`, query, writer, writer.rotated),
    ...linear(`${prefix}.attn_k`, key, writer, writer.rotated),
    ...linear(`${prefix}.attn_v`, value, writer),
    ...(headNorms === undefined
      ? []
      : [...norm(`${prefix}.attn_q_norm`, headNorms.query), ...norm(`${prefix}.attn_k_norm`, headNorms.key)]),
  ];
}

/** llama3's ramp: what llama.cpp divides each frequency by. The other kinds of scaling are keys. */
function rotaryFactors({ shape }: ModelDescription): GgufTensor[] {
  const { scaling, dimensions, base } = shape.rotary;
  if (scaling?.kind !== 'llama3') return [];
  const scaled = rotaryFrequencies(shape.rotary);
  const factors = rotaryFrequencies({ dimensions, base }).map((plain, j) => plain / (scaled[j] ?? plain));
  const values = Float32Array.from(factors);
  return [vector('rope_freqs.weight', { kind: 'values', values }, values.length)];
}

/** Row of the checkpoint ([head, (q,k,v), dim]) that is row `row` of the file ([(q,k,v), head, dim]). */
export function qkvSourceRow(row: number, headCount: number, headSize: number): number {
  const part = Math.floor(row / (headCount * headSize));
  const head = Math.floor(row / headSize) % headCount;
  return (head * 3 + part) * headSize + (row % headSize);
}

/** Row of the checkpoint (a head's first half, then its second) that is row `row` of the file (neighbours). */
function interleavedSourceRow(row: number, headSize: number): number {
  const inHead = row % headSize;
  return row - inHead + (inHead % 2) * (headSize / 2) + Math.floor(inHead / 2);
}

/** Row of the checkpoint that is row `row` of the file. */
export function sourceRow(order: RowOrder, row: number, { headCount, headSize }: ModelShape): number {
  switch (order) {
    case 'as-is':
      return row;
    case 'qkv':
      return qkvSourceRow(row, headCount, headSize);
    case 'interleaved':
      return interleavedSourceRow(row, headSize);
  }
}

/** Keys of the file. There is no tokenizer in it: prompts are token ids. */
export function ggufMetadata(
  { shape }: ModelDescription,
  type: GgufType,
  name: string,
): ReadonlyMap<string, GgufValue> {
  const uint32 = (value: number): GgufValue => ({ kind: 'uint32', value });
  const text = (value: string): GgufValue => ({ kind: 'string', value });
  const { gguf } = architectureById(shape.architecture);
  const own: (readonly [string, GgufValue])[] = [
    ['vocab_size', uint32(shape.vocabularySize)],
    ['context_length', uint32(shape.maximumPositions)],
    ['embedding_length', uint32(shape.hiddenSize)],
    ['block_count', uint32(shape.layerCount)],
    ['feed_forward_length', uint32(shape.feedForwardSize)],
    ['rope.dimension_count', uint32(shape.rotary.dimensions)],
    ['rope.freq_base', { kind: 'float32', value: shape.rotary.base }],
    ['attention.head_count', uint32(shape.headCount)],
    ...gguf.metadata(shape),
  ];
  return new Map<string, GgufValue>([
    ['general.architecture', text(gguf.name)],
    ['general.name', text(name)],
    ['general.file_type', uint32(tensorTypes[type].fileType)],
    ['general.quantization_version', uint32(2)],
    ...own.map(([key, value]) => [`${gguf.name}.${key}`, value] as const),
    ['tokenizer.ggml.model', text('no_vocab')],
  ]);
}
