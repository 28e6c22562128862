/**
 * What all layers of a step share in plain attention: rows of the rotary tables, masks, and where new keys and values go.
 * Shapes: B batch, S new tokens, T tokens in all, H heads, R rotated dimensions.
 */
import type { ModelDescription } from '../description.ts';
import type { Rotary } from '../rotary.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import type { Step, Tables } from './step.ts';

/** Values that all layers share. */
export interface PlainStep extends Step {
  /** float32 [B, S, 1, R/2] each */
  tablesHere(rotary: Rotary): Tables;
  /** int64 [B, H, S, 3]: where new keys go in a cache of [B, H, capacity, D]. */
  readonly cacheIndices: Value;
  /** float32 [B, 1, S, T]: 0 where a token may look, -infinity where not. */
  mask(window: number | undefined): Value;
  /** int64 [1]: T */
  readonly total: Value;
}

/** Adds what all plain layers share. `positions` is int64 [B, S]. */
export function plainStep(
  graph: GraphBuilder,
  step: Step,
  positions: Value,
  { shape, blocks }: ModelDescription,
): PlainStep {
  const here = (table: Value): Value => {
    const rows = graph.node('Gather', [table, positions], `${table}.here`, { axis: 0 });
    return graph.node('Unsqueeze', [rows, graph.integers([2])], `${table}.here.by-head`);
  };
  const known = new Map<Value, Tables>();
  const tablesHere = (rotary: Rotary): Tables => {
    const { cosines, sines } = step.tables(rotary);
    const found = known.get(cosines) ?? { cosines: here(cosines), sines: here(sines) };
    known.set(cosines, found);
    return found;
  };
  const total = graph.node('Cast', [step.totalLength], 'total', { to: 7 });
  const masks = new Map<number | undefined, Value>();
  const mask = (window: number | undefined): Value => {
    const found = masks.get(window) ?? causalMask(graph, positions, total, window);
    masks.set(window, found);
    return found;
  };
  // Those of the first layer come first; a model that alternates adds others where they are needed.
  const first = blocks[0]?.attention;
  if (first !== undefined) tablesHere(first.rotary);
  const indices = cacheIndices(graph, positions, shape.kvHeadCount);
  if (first !== undefined) mask(first.window);
  return { ...step, tablesHere, cacheIndices: indices, mask, total };
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

function causalMask(graph: GraphBuilder, positions: Value, total: Value, window: number | undefined): Value {
  const prefix = window === undefined ? 'mask' : `mask${window}`;
  const scalar = graph.node(
    'Squeeze',
    [total, graph.integers([0])],
    window === undefined ? 'total.scalar' : `${prefix}.total`,
  );
  const zero = graph.integers([0], []);
  const keys = graph.node('Range', [zero, scalar, graph.integers([1], [])], `${prefix}.keys`);
  const queries = graph.node('Unsqueeze', [positions, graph.integers([1, 3])], `${prefix}.queries`);
  const later = graph.node('Greater', [keys, queries], `${prefix}.later`);
  const forbidden = graph.floats('mask.forbidden', Float32Array.of(Number.NEGATIVE_INFINITY), []);
  const allowed = graph.floats('mask.allowed', Float32Array.of(0), []);
  return graph.node(
    'Where',
    [unseen(graph, keys, queries, later, window, prefix), forbidden, allowed],
    prefix,
  );
}

/** Later keys, and those that lie before the window. */
function unseen(
  graph: GraphBuilder,
  keys: Value,
  queries: Value,
  later: Value,
  window: number | undefined,
  prefix: string,
): Value {
  if (window === undefined) return later;
  const edge = graph.node('Sub', [queries, graph.integers([window], [])], `${prefix}.edge`);
  const before = graph.node('LessOrEqual', [keys, edge], `${prefix}.before`);
  return graph.node('Or', [later, before], `${prefix}.unseen`);
}
