/**
 * Attention in one operator: com.microsoft.GroupQueryAttention rotates queries and keys, writes keys and values into the
 * cache in place, and attends over the cache. Past and present are the same memory, bound by the engine.
 * A float16 cache makes the operator compute in float16 too: queries, keys and values are cast around it.
 */
import type { AttentionBlock, FusedQkv } from '../description.ts';
import { type Attribute, MICROSOFT, type Value } from './graph-builder.ts';
import { isFlat, linear, type Parts } from './layers.ts';
import { separateProjection } from './projection.ts';
import { fusedBias, type Step } from './step.ts';
import { cast } from './weights.ts';

export function fusedAttention(
  parts: Parts,
  step: Step,
  block: AttentionBlock,
  layer: number,
  x: Value,
): Value {
  const { graph } = parts;
  const prefix = `layer${layer}.attention`;
  const half = step.kvCacheFormat === 'float16';
  const toCache = (value: Value): Value => (half ? cast(graph, value, 'float16') : value);
  const qkv = queryKeyValue(parts, step, block, prefix, x).map(toCache);
  const missing = qkv.length === 1 ? ['', ''] : [];
  const { cosines, sines } = step.tables(block.rotary);
  const [attended = ''] = graph.nodes(
    'GroupQueryAttention',
    [
      ...qkv,
      ...missing,
      `past.${layer}.k`,
      `past.${layer}.v`,
      step.lastPositions,
      step.totalLength,
      cosines,
      sines,
    ],
    [`${prefix}.attended`, `present.${layer}.k`, `present.${layer}.v`],
    {
      num_heads: block.headCount,
      kv_num_heads: block.kvHeadCount,
      do_rotary: 1,
      rotary_interleaved: 0,
      ...extras(block),
    },
    MICROSOFT,
  );
  const floats = half ? cast(graph, attended, 'float32') : attended;
  const hidden = graph.integers([-1, block.headCount * block.headSize]);
  const rows = isFlat(parts) ? graph.node('Reshape', [floats, hidden], `${prefix}.flat`) : floats;
  return linear(parts, block.output, rows, `${prefix}.output`);
}

/** Attributes whose defaults do not fit. */
function extras({ scale, headSize, window }: AttentionBlock): Readonly<Record<string, Attribute>> {
  return {
    ...(scale === 1 / Math.sqrt(headSize) ? {} : { scale: { float: scale } }),
    ...(window === undefined ? {} : { local_window_size: window }),
  };
}

function queryKeyValue(parts: Parts, step: Step, block: AttentionBlock, prefix: string, x: Value): Value[] {
  const { projection } = block;
  if (projection.kind === 'fused-qkv') return fusedProjection(parts, step, block, projection, prefix, x);
  const { query, key, value } = separateProjection(parts, step, block, projection, prefix, x);
  return [query, key, value];
}

/** One packed value [batch, length, 3 * hidden] where rows are re-ordered, else three of [batch, length, hidden]. */
function fusedProjection(
  parts: Parts,
  step: Step,
  block: AttentionBlock,
  projection: FusedQkv,
  prefix: string,
  x: Value,
): Value[] {
  const { graph } = parts;
  const { headCount, headSize } = block;
  const hidden = headCount * headSize;
  if (!isFlat(parts)) {
    return [
      linear(parts, projection.linear, x, `${prefix}.qkv`, fusedBias(parts, block, projection, prefix)),
    ];
  }
  const flat = linear(parts, projection.linear, x, `${prefix}.qkv`);
  const byHead = graph.node(
    'Reshape',
    [flat, graph.integers([-1, headCount, 3, headSize])],
    `${prefix}.by-head`,
  );
  const parts3 = graph.nodes(
    'Split',
    [byHead, graph.integers([1, 1, 1])],
    ['q', 'k', 'v'].map((part) => `${prefix}.${part}.split`),
    { axis: 2 },
  );
  return parts3.map((part) => graph.node('Reshape', [part, step.threeDimensions(hidden)], `${part}.rows`));
}
