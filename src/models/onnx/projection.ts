/** Separate queries, keys and values before the rotation: linear layers, and norms over each head where the model has them. */
import type { AttentionBlock, Linear, RmsNorm, SeparateQkv } from '../description.ts';
import type { Value } from './graph-builder.ts';
import { applyNorm, isFlat, linear, type Parts } from './layers.ts';
import type { Step } from './step.ts';

export interface Projected {
  /** [batch, length, heads * headSize] each */
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
}

export function separateProjection(
  parts: Parts,
  step: Step,
  { headSize }: AttentionBlock,
  { query, key, value, headNorms }: SeparateQkv,
  prefix: string,
  x: Value,
): Projected {
  const { graph } = parts;
  const project = (layer: Linear, norm: RmsNorm | undefined, name: string): Value => {
    const rows = linear(parts, layer, x, `${prefix}.${name}`);
    const three = step.threeDimensions(layer.outFeatures);
    if (norm === undefined) {
      return isFlat(parts) ? graph.node('Reshape', [rows, three], `${prefix}.${name}.rows`) : rows;
    }
    const heads = graph.node('Reshape', [rows, graph.integers([-1, headSize])], `${prefix}.${name}.by-head`);
    const normed = applyNorm(parts, norm, heads, `${prefix}.${name}.norm`);
    return graph.node('Reshape', [normed, three], `${prefix}.${name}.rows`);
  };
  return {
    query: project(query, headNorms?.query, 'q'),
    key: project(key, headNorms?.key, 'k'),
    value: project(value, undefined, 'v'),
  };
}
