/** Values that all layers of a step share, and how a fused projection's bias follows its re-ordered rows. */
import type { AttentionBlock, ModelDescription } from '../description.ts';
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
  /** [positions, rotated / 2], float32; float16 where fused attention computes in it. */
  readonly cosines: Value;
  readonly sines: Value;
  /** int64 [3]: batch, length, `features`. */
  threeDimensions(features: number): Value;
}

export function sharedStep(
  graph: GraphBuilder,
  model: ModelDescription,
  variant: GraphVariant,
  inputs: { readonly ids: Value; readonly lastPositions: Value; readonly totalLength: Value },
): Step {
  const { maximumPositions, rotary } = model.shape;
  const tables = rotaryTables(maximumPositions, rotary.dimensions, rotary.base);
  const dimensions = [maximumPositions, rotary.dimensions / 2];
  // The fused operator wants them in the format that it computes in.
  const asHalf = variant.attention === 'fused' && variant.kvCacheFormat === 'float16';
  const table = (name: 'cosines' | 'sines'): Value => {
    const floats = graph.floats(`rotary.${name}`, tables[name], dimensions);
    return asHalf ? cast(graph, floats, 'float16') : floats;
  };
  const batchAndLength = graph.node('Shape', [inputs.ids], 'batch-and-length');
  const shapes = new Map<number, Value>();
  const threeDimensions = (features: number): Value => {
    const known = shapes.get(features);
    const shape =
      known ??
      graph.node('Concat', [batchAndLength, graph.integers([features])], `shape.${features}`, { axis: 0 });
    shapes.set(features, shape);
    return shape;
  };
  return {
    kvCacheFormat: variant.kvCacheFormat,
    lastPositions: inputs.lastPositions,
    totalLength: inputs.totalLength,
    cosines: table('cosines'),
    sines: table('sines'),
    threeDimensions,
  };
}

/** The bias of a fused projection in the order [(q,k,v), head, headSize]; folded when the session is made. */
export function fusedBias(
  { graph, weights }: Parts,
  { headCount, headSize, projection }: AttentionBlock,
  prefix: string,
): Value | undefined {
  const name = projection.linear.bias;
  if (name === undefined) return undefined;
  const shape = graph.integers([headCount, 3, headSize]);
  const byHead = graph.node('Reshape', [weights.float(name), shape], `${prefix}.bias.by-head`);
  const byPart = graph.node('Transpose', [byHead], `${prefix}.bias.by-part`, { perm: [1, 0, 2] });
  return graph.node('Reshape', [byPart, graph.integers([-1])], `${prefix}.bias.flat`);
}
