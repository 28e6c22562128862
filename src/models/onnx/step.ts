/** Values that all layers of a step share, and how a fused projection's bias follows its re-ordered rows. */
import { canonicalJson } from '../../kernel/canonical.ts';
import type { AttentionBlock, FusedQkv, ModelDescription } from '../description.ts';
import type { Rotary } from '../rotary.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import type { Parts } from './layers.ts';
import { rotaryTables } from './rotary-tables.ts';
import type { GraphVariant } from './variant.ts';
import { cast } from './weights.ts';

export interface Step {
  readonly kvCacheFormat: GraphVariant['kvCacheFormat'];
  /** int32 [batch]: position of each sequence's last token, the cache included. */
  readonly lastPositions: Value;
  /** int32 [1]: longest sequence, the cache included. */
  readonly totalLength: Value;
  /** Tables of these rotary positions; the same ones give the same values. */
  tables(rotary: Rotary): Tables;
  /** int64 [3]: batch, length, `features`. */
  threeDimensions(features: number): Value;
}

/** [positions, rotated / 2], float32; float16 where fused attention computes in it. */
export interface Tables {
  readonly cosines: Value;
  readonly sines: Value;
}

export function sharedStep(
  graph: GraphBuilder,
  model: ModelDescription,
  variant: GraphVariant,
  inputs: { readonly ids: Value; readonly lastPositions: Value; readonly totalLength: Value },
): Step {
  const batchAndLength = graph.node('Shape', [inputs.ids], 'batch-and-length');
  const positions = variant.positions ?? model.shape.maximumPositions;
  // The fused operator wants them in the format that it computes in.
  const asHalf = variant.attention === 'fused' && variant.kvCacheFormat === 'float16';
  const known = new Map<string, Tables>();
  const tables = (rotary: Rotary): Tables => {
    const key = canonicalJson(rotary);
    const found = known.get(key);
    if (found !== undefined) return found;
    const values = rotaryTables(positions, rotary);
    const prefix = known.size === 0 ? 'rotary' : `rotary${known.size}`;
    const table = (name: 'cosines' | 'sines'): Value => {
      const floats = graph.floats(`${prefix}.${name}`, values[name], [positions, rotary.dimensions / 2]);
      return asHalf ? cast(graph, floats, 'float16') : floats;
    };
    const made = { cosines: table('cosines'), sines: table('sines') };
    known.set(key, made);
    return made;
  };
  const first = model.blocks[0];
  if (first !== undefined) tables(first.attention.rotary);
  const shapes = new Map<number, Value>();
  const threeDimensions = (features: number): Value => {
    const shape =
      shapes.get(features) ??
      graph.node('Concat', [batchAndLength, graph.integers([features])], `shape.${features}`, { axis: 0 });
    shapes.set(features, shape);
    return shape;
  };
  return {
    kvCacheFormat: variant.kvCacheFormat,
    lastPositions: inputs.lastPositions,
    totalLength: inputs.totalLength,
    tables,
    threeDimensions,
  };
}

/** The bias of a fused projection in the order [(q,k,v), head, headSize]; folded when the session is made. */
export function fusedBias(
  { graph, weights }: Parts,
  { headCount, headSize }: AttentionBlock,
  { linear }: FusedQkv,
  prefix: string,
): Value | undefined {
  const name = linear.bias;
  if (name === undefined) return undefined;
  const shape = graph.integers([headCount, 3, headSize]);
  const byHead = graph.node('Reshape', [weights.float(name), shape], `${prefix}.bias.by-head`);
  const byPart = graph.node('Transpose', [byHead], `${prefix}.bias.by-part`, { perm: [1, 0, 2] });
  return graph.node('Reshape', [byPart, graph.integers([-1])], `${prefix}.bias.flat`);
}
