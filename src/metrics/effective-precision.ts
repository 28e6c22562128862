/** The precision that an engine says it applied, as the record that counts of bytes and FLOPs need. */
import type { Precision } from '../models/precision.ts';
import type { Effective } from '../protocol/frames.ts';

const WEIGHTS = ['float32', 'float16', 'bfloat16', 'int8', 'int4', 'nf4', 'mixed'] as const;
const ACTIVATIONS = ['float32', 'float16', 'bfloat16', 'int8'] as const;
const KV_CACHE = ['float32', 'float16', 'bfloat16', 'int8', 'int4'] as const;
const COMPUTE = ['float32', 'float16', 'bfloat16', 'int32'] as const;

/**
 * `effective` with each field that names a known format; a word of the engine's own (`q4_K`) keeps the declared format,
 * and the reports show the word itself.
 */
export function effectivePrecision(effective: Effective['precision'], declared: Precision): Precision {
  const groupSize = effective.groupSize ?? declared.groupSize;
  return {
    weights: WEIGHTS.find((format) => format === effective.weights) ?? declared.weights,
    activations: ACTIVATIONS.find((format) => format === effective.activations) ?? declared.activations,
    kvCache: KV_CACHE.find((format) => format === effective.kvCache) ?? declared.kvCache,
    compute: COMPUTE.find((format) => format === effective.compute) ?? declared.compute,
    ...(groupSize === undefined ? {} : { groupSize }),
  };
}
