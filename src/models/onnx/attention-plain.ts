/**
 * Attention from standard operators, as a framework without fused kernels computes it: rotary positions, scatter into
 * the cache, scores, softmax, weighted sum. The cache is the same memory as in fused attention (ScatterND copies
 * nothing where its input and output are the same memory), but scores read copied slices of it.
 * Shapes: B batch, S new tokens, T tokens in all, H heads, D head size, R rotated dimensions.
 */
import type { AttentionBlock } from '../description.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import { isFlat, linear, type Parts } from './layers.ts';
import { fusedBias, type Step } from './step.ts';
import { cast } from './weights.ts';

/** Values that all layers share. */
export interface PlainStep extends Step {
  /** float32 [B, S, 1, R/2] */
  readonly cosinesHere: Value;
  readonly sinesHere: Value;
  /** int64 [B, H, S, 3]: where new keys go in a cache of [B, H, capacity, D]. */
  readonly cacheIndices: Value;
  /** float32 [B, 1, S, T]: 0 where a token may look, -infinity where not. */
  readonly mask: Value;
  /** int64 [1]: T */
  readonly total: Value;
}

/** Adds what all plain layers share. `positions` is int64 [B, S]. */
export function plainStep(graph: GraphBuilder, step: Step, positions: Value, heads: number): PlainStep {
  const rotary = (table: Value): Value => {
    const here = graph.node('Gather', [table, positions], `${table}.here`, { axis: 0 });
    return graph.node('Unsqueeze', [here, graph.integers([2])], `${table}.here.by-head`);
  };
  const total = graph.node('Cast', [step.totalLength], 'total', { to: 7 });
  return {
    ...step,
    cosinesHere: rotary(step.cosines),
    sinesHere: rotary(step.sines),
    cacheIndices: cacheIndices(graph, positions, heads),
    mask: causalMask(graph, positions, total),
    total,
  };
}

function cacheIndices(graph: GraphBuilder, positions: Value, heads: number): Value {
  const scalar = (value: number): Value => graph.integers([value], []);
  const shape = graph.node('Shape', [positions], 'positions.shape');
  const batch = graph.node('Gather', [shape, scalar(0)], 'positions.batch', { axis: 0 });
  const rows = graph.node('Range', [scalar(0), batch, scalar(1)], 'cache.rows');
  const headNumbers = graph.integers(
    Array.from({ length: heads }, (_, head) => head),
    [1, heads, 1, 1],
  );
  const full = graph.node(
    'Concat',
    [
      graph.node('Gather', [shape, graph.integers([0])], 'positions.batch1', { axis: 0 }),
      graph.integers([heads]),
      graph.node('Gather', [shape, graph.integers([1])], 'positions.length1', { axis: 0 }),
      graph.integers([1]),
    ],
    'cache.index-shape',
    { axis: 0 },
  );
  const row4 = graph.node('Reshape', [rows, graph.integers([-1, 1, 1, 1])], 'cache.rows4');
  const position4 = graph.node('Unsqueeze', [positions, graph.integers([1, 3])], 'cache.positions4');
  const expanded = [row4, headNumbers, position4].map((part, i) =>
    graph.node('Expand', [part, full], `cache.index${i}`),
  );
  return graph.node('Concat', expanded, 'cache.indices', { axis: 3 });
}

function causalMask(graph: GraphBuilder, positions: Value, total: Value): Value {
  const scalar = graph.node('Squeeze', [total, graph.integers([0])], 'total.scalar');
  const zero = graph.integers([0], []);
  const keys = graph.node('Range', [zero, scalar, graph.integers([1], [])], 'mask.keys');
  const queries = graph.node('Unsqueeze', [positions, graph.integers([1, 3])], 'mask.queries');
  const later = graph.node('Greater', [keys, queries], 'mask.later');
  const forbidden = graph.floats('mask.forbidden', Float32Array.of(Number.NEGATIVE_INFINITY), []);
  const allowed = graph.floats('mask.allowed', Float32Array.of(0), []);
  return graph.node('Where', [later, forbidden, allowed], 'mask');
}

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

  const scale = graph.floats(`scale.${headSize}`, Float32Array.of(1 / Math.sqrt(headSize)), []);
  const scaled = graph.node('Mul', [query, scale], `${prefix}.scaled`);
  const keysT = graph.node('Transpose', [keys], `${prefix}.keys-transposed`, { perm: [0, 1, 3, 2] });
  const scores = graph.node('MatMul', [scaled, keysT], `${prefix}.scores`);
  const masked = graph.node('Add', [scores, step.mask], `${prefix}.masked`);
  const shares = graph.node('Softmax', [masked], `${prefix}.shares`, { axis: -1 });
  const heads = graph.node('MatMul', [shares, values], `${prefix}.heads`);
  const rows = graph.node('Transpose', [heads], `${prefix}.rows`, { perm: [0, 2, 1, 3] });
  const hidden = graph.integers([...(isFlat(parts) ? [-1] : [0, 0]), headCount * headSize]);
  const flat = graph.node('Reshape', [rows, hidden], `${prefix}.flat`);
  return linear(parts, block.output, flat, `${prefix}.output`);
}

/** Queries, keys and values, each [B, S, H, D]. */
function splitHeads(parts: Parts, step: Step, block: AttentionBlock, prefix: string, x: Value): Value[] {
  const { graph } = parts;
  const { headCount, headSize, projection } = block;
  const names = ['q', 'k', 'v'].map((part) => `${prefix}.${part}`);
  const reordered = !isFlat(parts);
  const bias = reordered ? fusedBias(parts, block, prefix) : undefined;
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
    [times(first, step.cosinesHere, 'first-cos'), times(second, step.sinesHere, 'second-sin')],
    `${x}.left`,
  );
  const right = graph.node(
    'Add',
    [times(second, step.cosinesHere, 'second-cos'), times(first, step.sinesHere, 'first-sin')],
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
