/**
 * The parts that decoder blocks are made of. Hidden states are [batch * length, features] with float weights, since Gemm
 * reads Hugging Face's [out, in] weights as they are stored, but only in two dimensions; the operators over quantised
 * weights take [batch, length, features], which saves the reshapes around attention.
 */
import { assertNever } from '../../kernel/errors.ts';
import type { GatedMlp, Linear, ModelDescription, Norm, PlainMlp } from '../description.ts';
import type { Activation } from '../shape.ts';
import { type GraphBuilder, MICROSOFT, type Value } from './graph-builder.ts';
import type { LinearFormat } from './variant.ts';
import { cast, type GraphWeights } from './weights.ts';

/** What every part needs. */
export interface Parts {
  readonly graph: GraphBuilder;
  readonly weights: GraphWeights;
  readonly format: LinearFormat;
}

/** Whether hidden states are two-dimensional. */
export const isFlat = ({ format }: Pick<Parts, 'format'>): boolean => format.kind === 'float';

/** [batch, length] token ids -> hidden states. The table stays in its stored format; rows are cast. */
export function embed(parts: Parts, model: ModelDescription, ids: Value): Value {
  const { graph, weights } = parts;
  const table = weights.raw(model.embedding.weight);
  const tokens = isFlat(parts) ? graph.node('Reshape', [ids, graph.integers([-1])], 'ids.flat') : ids;
  const rows = graph.node('Gather', [table.value, tokens], 'embedding', { axis: 0 });
  const floats = table.type === 'float32' ? rows : cast(graph, rows, 'float32');
  const { scale } = model.embedding;
  if (scale === undefined) return floats;
  const factor = graph.floats('embedding.scale', Float32Array.of(scale), []);
  return graph.node('Mul', [floats, factor], 'embedding.scaled');
}

/** Over the last axis. */
export function applyNorm({ graph, weights }: Parts, norm: Norm, x: Value, output: Value): Value {
  if (norm.kind === 'rms-norm') {
    const stored = weights.float(norm.weight);
    // Folded when the session is made.
    const weight =
      norm.offset === 0 ? stored : graph.node('Add', [stored, one(graph)], `${norm.weight}.plus-one`);
    return graph.node('SimplifiedLayerNormalization', [x, weight], output, {
      axis: -1,
      epsilon: { float: norm.epsilon },
      stash_type: 1,
    });
  }
  return graph.node('LayerNormalization', [x, weights.float(norm.weight), weights.float(norm.bias)], output, {
    axis: -1,
    epsilon: { float: norm.epsilon },
  });
}

/**
 * output = x W^T + b, [..., in] -> [..., out]. `bias` replaces the stored one where rows were re-ordered.
 * Quantised weights of a fused projection come re-ordered (see quantised-layout).
 */
export function linear(parts: Parts, layer: Linear, x: Value, output: Value, bias?: Value): Value {
  const { graph, weights, format } = parts;
  const storedBias = layer.bias === undefined ? undefined : weights.float(layer.bias);
  const added = bias ?? storedBias;
  const withBias = added === undefined ? [] : [added];
  switch (format.kind) {
    case 'float':
      return graph.node('Gemm', [x, weights.float(layer.weight, format.roundTo), ...withBias], output, {
        transB: 1,
      });
    case 'w8a8': {
      const { values, scales } = quantisedValues(parts, layer, 'int8');
      const noZeroPoint = withBias.length > 0 ? [''] : [];
      return graph.node(
        'DynamicQuantizeMatMul',
        [x, values, scales, ...noZeroPoint, ...withBias],
        output,
        {},
        MICROSOFT,
      );
    }
    case 'groups': {
      const { values, scales } = quantisedValues(parts, layer, 'uint8');
      const noZeroPointNoOrder = withBias.length > 0 ? ['', ''] : [];
      return graph.node(
        'MatMulNBits',
        [x, values, scales, ...noZeroPointNoOrder, ...withBias],
        output,
        {
          K: layer.inFeatures,
          N: layer.outFeatures,
          bits: format.bits,
          block_size: format.groupSize,
          accuracy_level: format.accuracyLevel,
        },
        MICROSOFT,
      );
    }
    default:
      return assertNever(format, 'linear format');
  }
}

function quantisedValues({ graph, weights }: Parts, layer: Linear, type: 'int8' | 'uint8') {
  const { values, scales } = weights.quantised(layer.weight);
  return {
    values: graph.external(`${layer.weight}.quantised`, type, values.dimensions, values),
    scales: graph.external(`${layer.weight}.scales`, 'float32', scales.dimensions, scales),
  };
}

/** down(activation(up(x))), or down(activation(gate(x)) * up(x)) */
export function mlp(parts: Parts, block: PlainMlp | GatedMlp, x: Value, prefix: string): Value {
  const up = linear(parts, block.up, x, `${prefix}.up`);
  if (block.kind === 'plain') {
    return linear(parts, block.down, activate(parts, block.activation, up, prefix), `${prefix}.down`);
  }
  const gate = linear(parts, block.gate, x, `${prefix}.gate`);
  const active = activate(parts, block.activation, gate, prefix);
  const gated = parts.graph.node('Mul', [active, up], `${prefix}.gated`);
  return linear(parts, block.down, gated, `${prefix}.down`);
}

function activate({ graph }: Parts, activation: Activation, x: Value, prefix: string): Value {
  switch (activation) {
    case 'gelu-erf':
      return graph.node('Gelu', [x], `${prefix}.gelu`, {}, MICROSOFT);
    case 'gelu-tanh':
      return graph.node('FastGelu', [x], `${prefix}.gelu`, {}, MICROSOFT);
    case 'relu':
      return graph.node('Relu', [x], `${prefix}.relu`);
    case 'silu':
      // x sigmoid(alpha x)
      return graph.node('QuickGelu', [x], `${prefix}.silu`, { alpha: { float: 1 } }, MICROSOFT);
  }
}

const one = (graph: GraphBuilder): Value => graph.floats('one', Float32Array.of(1), []);
