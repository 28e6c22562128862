/**
 * Attention from standard operators, as a framework without fused kernels computes it: rotary positions, scatter into
 * the cache, scores, softmax, weighted sum. The cache is the same memory as in fused attention (ScatterND copies
 * nothing where its input and output are the same memory), but scores read copied slices of it.
 * Shapes: B batch, S new tokens, T tokens in all, H heads, D head size, R rotated dimensions.
 */
import type { AttentionBlock, FusedQkv } from '../description.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import { isFlat, linear, type Parts } from './layers.ts';
import type { PlainStep } from './plain-step.ts';
import { separateProjection } from './projection.ts';
import { fusedBias, type Step } from './step.ts';
import { cast } from './weights.ts';

export function plainAttention(
  parts: Parts,
  step: PlainStep,
  block: AttentionBlock,
  layer: number,
  x: Value,
): Value {
  const { graph } = parts;
  const { headCount, headSize } = block;
  const prefix = `layer${layer}.attention`;
  const [q = '', k = '', v = ''] = splitHeads(parts, step, block, prefix, x);
  const query = toHeads(graph, rotate(graph, step, block, q), `${prefix}.query`);
  const keys = cached(
    parts,
    step,
    layer,
    'k',
    toHeads(graph, rotate(graph, step, block, k), `${prefix}.key`),
  );
  const values = cached(parts, step, layer, 'v', toHeads(graph, v, `${prefix}.value`));

  const scale = graph.floats(scaleName(block), Float32Array.of(block.scale), []);
  const scaled = graph.node('Mul', [query, scale], `${prefix}.scaled`);
  const heads = attend(graph, block, step.mask(block.window), { query: scaled, keys, values }, prefix);
  const rows = graph.node('Transpose', [heads], `${prefix}.rows`, { perm: [0, 2, 1, 3] });
  const hidden = graph.integers([...(isFlat(parts) ? [-1] : [0, 0]), headCount * headSize]);
  const flat = graph.node('Reshape', [rows, hidden], `${prefix}.flat`);
  return linear(parts, block.output, flat, `${prefix}.output`);
}

const scaleName = ({ scale, headSize }: AttentionBlock): Value =>
  scale === 1 / Math.sqrt(headSize) ? `scale.${headSize}` : `scale.${headSize}.${scale}`;

interface Attended {
  /** [B, H, S, D], scaled */
  readonly query: Value;
  /** [B, KV, T, D] */
  readonly keys: Value;
  readonly values: Value;
}

/** softmax(query keys^T + mask) values, [B, H, S, D]. */
function attend(
  graph: GraphBuilder,
  block: AttentionBlock,
  mask: Value,
  { query, keys, values }: Attended,
  prefix: string,
): Value {
  if (block.headCount !== block.kvHeadCount) {
    return attendGrouped(graph, block, mask, { query, keys, values }, prefix);
  }
  const keysT = graph.node('Transpose', [keys], `${prefix}.keys-transposed`, { perm: [0, 1, 3, 2] });
  const scores = graph.node('MatMul', [query, keysT], `${prefix}.scores`);
  const masked = graph.node('Add', [scores, mask], `${prefix}.masked`);
  const shares = graph.node('Softmax', [masked], `${prefix}.shares`, { axis: -1 });
  return graph.node('MatMul', [shares, values], `${prefix}.heads`);
}

/** The same where several heads of queries share keys and values: they get an axis, [B, KV, H / KV, S, D]. */
function attendGrouped(
  graph: GraphBuilder,
  { headCount, kvHeadCount, headSize }: AttentionBlock,
  mask: Value,
  { query, keys, values }: Attended,
  prefix: string,
): Value {
  const shared = (value: Value, name: string): Value =>
    graph.node('Unsqueeze', [value, graph.integers([2])], `${prefix}.${name}.shared`);
  const groups = graph.integers([0, kvHeadCount, headCount / kvHeadCount, -1, headSize]);
  const queries = graph.node('Reshape', [query, groups], `${prefix}.grouped`);
  const keysT = graph.node('Transpose', [shared(keys, 'keys')], `${prefix}.keys-transposed`, {
    perm: [0, 1, 2, 4, 3],
  });
  const scores = graph.node('MatMul', [queries, keysT], `${prefix}.scores`);
  const masked = graph.node('Add', [scores, shared(mask, 'mask')], `${prefix}.masked`);
  const shares = graph.node('Softmax', [masked], `${prefix}.shares`, { axis: -1 });
  const mixed = graph.node('MatMul', [shares, shared(values, 'values')], `${prefix}.heads.grouped`);
  const ungrouped = graph.integers([0, headCount, -1, headSize]);
  return graph.node('Reshape', [mixed, ungrouped], `${prefix}.heads`);
}

/** Queries, keys and values, each [B, S, H, D]. */
function splitHeads(parts: Parts, step: Step, block: AttentionBlock, prefix: string, x: Value): Value[] {
  const { projection, headCount, kvHeadCount, headSize } = block;
  if (projection.kind === 'fused-qkv') return splitFused(parts, step, block, projection, prefix, x);
  const { query, key, value } = separateProjection(parts, step, block, projection, prefix, x);
  const byHead = (rows: Value, heads: number): Value =>
    parts.graph.node('Reshape', [rows, parts.graph.integers([0, 0, heads, headSize])], `${rows}.heads`);
  return [byHead(query, headCount), byHead(key, kvHeadCount), byHead(value, kvHeadCount)];
}

function splitFused(
  parts: Parts,
  step: Step,
  block: AttentionBlock,
  projection: FusedQkv,
  prefix: string,
  x: Value,
): Value[] {
  const { graph } = parts;
  const { headCount, headSize } = block;
  const names = ['q', 'k', 'v'].map((part) => `${prefix}.${part}`);
  const reordered = !isFlat(parts);
  const bias = reordered ? fusedBias(parts, block, projection, prefix) : undefined;
  const flat = linear(parts, projection.linear, x, `${prefix}.qkv`, bias);
  const packed = reordered
    ? flat
    : graph.node('Reshape', [flat, step.threeDimensions(3 * headCount * headSize)], `${prefix}.packed`);
  const inner = reordered ? [3, headCount, headSize] : [headCount, 3, headSize];
  const five = graph.node('Reshape', [packed, graph.integers([0, 0, ...inner])], `${prefix}.five`);
  const axis = reordered ? 2 : 3;
  const split = graph.nodes(
    'Split',
    [five, graph.integers([1, 1, 1])],
    names.map((name) => `${name}.split`),
    { axis },
  );
  return split.map((part, i) => graph.node('Squeeze', [part, graph.integers([axis])], names[i] ?? part));
}

/** Rotates the first R dimensions of [B, S, H, D]; the rest passes through. */
function rotate(graph: GraphBuilder, step: PlainStep, { rotary, headSize }: AttentionBlock, x: Value): Value {
  const { cosines, sines } = step.tablesHere(rotary);
  const half = rotary.dimensions / 2;
  const rest = headSize - rotary.dimensions;
  const sizes = rest === 0 ? [half, half] : [half, half, rest];
  const [first = '', second = '', ...passed] = graph.nodes(
    'Split',
    [x, graph.integers(sizes)],
    sizes.map((_, i) => `${x}.rotary${i}`),
    { axis: 3 },
  );
  const times = (value: Value, table: Value, name: string): Value =>
    graph.node('Mul', [value, table], `${x}.${name}`);
  const left = graph.node(
    'Sub',
    [times(first, cosines, 'first-cos'), times(second, sines, 'second-sin')],
    `${x}.left`,
  );
  const right = graph.node(
    'Add',
    [times(second, cosines, 'second-cos'), times(first, sines, 'first-sin')],
    `${x}.right`,
  );
  return graph.node('Concat', [left, right, ...passed], `${x}.rotated`, { axis: 3 });
}

/** [B, S, H, D] -> [B, H, S, D] */
function toHeads(graph: GraphBuilder, x: Value, output: Value): Value {
  return graph.node('Transpose', [x], output, { perm: [0, 2, 1, 3] });
}

/** Puts the new [B, H, S, D] into the cache and gives its first T positions, [B, H, T, D] in float32. */
function cached({ graph }: Parts, step: PlainStep, layer: number, part: 'k' | 'v', fresh: Value): Value {
  const half = step.kvCacheFormat === 'float16';
  const present = graph.node(
    'ScatterND',
    [`past.${layer}.${part}`, step.cacheIndices, half ? cast(graph, fresh, 'float16') : fresh],
    `present.${layer}.${part}`,
  );
  const used = graph.node(
    'Slice',
    [present, graph.integers([0]), step.total, graph.integers([2])],
    `layer${layer}.cache.${part}`,
  );
  return half ? cast(graph, used, 'float32') : used;
}
