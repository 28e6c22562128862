/**
 * A whole decoder as an ONNX graph, from its description and the places of its tensors; no weight is read.
 *
 * Inputs: `input_ids` int64 [batch, length]; `last_rows` int64 [batch], the row of [batch * length] that holds each
 * sequence's last token (prompts are padded on the right); `last_positions` int32 [batch], the position of that token
 * with the cache before it; `total_length` int32 [1], the longest sequence with its cache; `positions` int64 [batch,
 * length] (plain attention only); `past.<layer>.k|v` [batch, heads, capacity, headSize].
 * Outputs: `next` int64 [batch], the most likely next token (the first of equals); `logits` float32 [batch,
 * vocabulary]; `present.<layer>.k|v`, to be bound to the memory of `past`. Final norm and head run on last tokens only.
 */
import { HayasaError } from '../../kernel/errors.ts';
import type { DecoderBlock, ModelDescription, Norm } from '../description.ts';
import { fusedAttention } from './attention-fused.ts';
import { plainAttention } from './attention-plain.ts';
import { GraphBuilder, type Value } from './graph-builder.ts';
import { applyNorm, embed, isFlat, linear, mlp, type Parts } from './layers.ts';
import { plainStep } from './plain-step.ts';
import { quantisedLayout } from './quantised-layout.ts';
import { sharedStep } from './step.ts';
import type { GraphVariant, TensorLocation } from './variant.ts';
import { graphWeights } from './weights.ts';

/** Changes whenever the same inputs give another graph or other quantised weights. */
export const GRAPH_WRITER_VERSION = 1;

type Attention = (parts: Parts, block: DecoderBlock, x: Value) => Value;

/**
 * The bytes of the `.onnx` file.
 * @throws HayasaError `graph/learned-positions`; `checkpoint/missing-tensor` where `tensors` lacks one of the description's
 */
export function writeModelGraph(
  model: ModelDescription,
  tensors: ReadonlyMap<string, TensorLocation>,
  variant: GraphVariant,
): Uint8Array {
  if (model.positions !== undefined) {
    throw new HayasaError({
      code: 'graph/learned-positions',
      message: {
        en: `${model.shape.architecture}: graphs with learned positions are not written`,
        ja: `${model.shape.architecture}: 学習された位置埋め込みのグラフは書き出せません`,
      },
      hint: {
        en: 'use a Python engine, such as transformers',
        ja: 'transformers などの Python エンジンを使ってください',
      },
    });
  }
  const graph = new GraphBuilder();
  const layout = variant.linear.kind === 'float' ? undefined : quantisedLayout(model, variant.linear);
  const parts: Parts = { graph, weights: graphWeights(graph, tensors, layout), format: variant.linear };
  const inputs = declareInputs(graph, model, variant);
  const attention = attentionOf(graph, model, variant, inputs);

  let x = embed(parts, model, inputs.ids);
  for (const block of model.blocks) x = decoderBlock(parts, block, attention, x);

  const rows = isFlat(parts)
    ? x
    : graph.node('Reshape', [x, graph.integers([-1, model.shape.hiddenSize])], 'rows');
  const last = graph.node('Gather', [rows, inputs.lastRows], 'last', { axis: 0 });
  const normed = applyNorm(parts, model.finalNorm, last, 'final-norm');
  linear(parts, model.head, normed, 'logits');
  graph.node('ArgMax', ['logits'], 'next', { axis: -1, keepdims: 0 });
  declareOutputs(graph, model, variant);
  return graph.encode(model.shape.architecture);
}

/** Both residual forms: see `ModelShape.residual`. */
function decoderBlock(parts: Parts, block: DecoderBlock, attention: Attention, x: Value): Value {
  const { graph } = parts;
  const { outputNorms } = block;
  const prefix = `layer${block.index}`;
  const norm = (which: Norm, value: Value, name: string): Value =>
    applyNorm(parts, which, value, `${prefix}.${name}`);
  const attended = attention(parts, block, norm(block.attentionNorm, x, 'attention-norm'));
  const added =
    outputNorms === undefined ? attended : norm(outputNorms.attention, attended, 'attention-output-norm');
  const afterAttention = graph.node('Add', [x, added], `${prefix}.after-attention`);
  const mlpInput = block.residual === 'parallel' ? x : afterAttention;
  const forward = mlp(parts, block.mlp, norm(block.mlpNorm, mlpInput, 'mlp-norm'), `${prefix}.mlp`);
  const out = outputNorms === undefined ? forward : norm(outputNorms.mlp, forward, 'mlp-output-norm');
  return graph.node('Add', [afterAttention, out], `${prefix}.output`);
}

interface Inputs {
  readonly ids: Value;
  readonly lastRows: Value;
  readonly lastPositions: Value;
  readonly totalLength: Value;
}

function declareInputs(graph: GraphBuilder, { shape }: ModelDescription, variant: GraphVariant): Inputs {
  const inputs = {
    ids: graph.input('input_ids', 'int64', ['batch', 'length']),
    lastRows: graph.input('last_rows', 'int64', ['batch']),
    lastPositions: graph.input('last_positions', 'int32', ['batch']),
    totalLength: graph.input('total_length', 'int32', [1]),
  };
  for (let layer = 0; layer < shape.layerCount; layer += 1) {
    for (const part of ['k', 'v']) {
      graph.input(`past.${layer}.${part}`, variant.kvCacheFormat, cacheDimensions(shape));
    }
  }
  return inputs;
}

function attentionOf(
  graph: GraphBuilder,
  model: ModelDescription,
  variant: GraphVariant,
  inputs: Inputs,
): Attention {
  const step = sharedStep(graph, model, variant, inputs);
  if (variant.attention === 'fused') {
    return (parts, block, x) => fusedAttention(parts, step, block.attention, block.index, x);
  }
  const positions = graph.input('positions', 'int64', ['batch', 'length']);
  const plain = plainStep(graph, step, positions, model);
  return (parts, block, x) => plainAttention(parts, plain, block.attention, block.index, x);
}

function declareOutputs(graph: GraphBuilder, { shape }: ModelDescription, variant: GraphVariant): void {
  graph.output('next', 'int64', ['batch']);
  graph.output('logits', 'float32', ['batch', shape.vocabularySize]);
  for (let layer = 0; layer < shape.layerCount; layer += 1) {
    for (const part of ['k', 'v']) {
      graph.output(`present.${layer}.${part}`, variant.kvCacheFormat, cacheDimensions(shape));
    }
  }
}

const cacheDimensions = ({ kvHeadCount, headSize }: ModelDescription['shape']): (string | number)[] => [
  'batch',
  kvHeadCount,
  'capacity',
  headSize,
];
