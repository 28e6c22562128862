/**
 * The parts that decoder blocks are made of. Hidden states are [batch * length, features] with float weights, since Gemm
 * reads Hugging Face's [out, in] weights as they are stored, but only in two dimensions; the operators over quantised
 * weights take [batch, length, features], which saves the reshapes around attention.
 */
import { assertNever } from '../../kernel/errors.ts';
import type { LayerNorm, Linear, MlpBlock, ModelDescription } from '../description.ts';
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
  return table.type === 'float32' ? rows : cast(graph, rows, 'float32');
}

export function layerNorm({ graph, weights }: Parts, norm: LayerNorm, x: Value, output: Value): Value {
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

/** down(activation(up(x))) */
export function mlp(parts: Parts, block: MlpBlock, x: Value, prefix: string): Value {
  const up = linear(parts, block.up, x, `${prefix}.up`);
  const operator = block.activation === 'gelu-erf' ? 'Gelu' : 'FastGelu';
  const active = parts.graph.node(operator, [up], `${prefix}.gelu`, {}, MICROSOFT);
  return linear(parts, block.down, active, `${prefix}.down`);
}
