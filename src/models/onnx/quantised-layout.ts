/**
 * Where each quantised tensor lies in its file: known from the description alone, so that graph and weights are written
 * independently. Per linear layer two tensors, each at a multiple of 64 bytes:
 * - w8a8: int8 [inFeatures, outFeatures] (transposed, as DynamicQuantizeMatMul reads it), float32 scales [outFeatures];
 * - groups: uint8 [outFeatures, groups, groupSize * bits / 8], zero point 2^(bits-1), float32 scales [outFeatures * groups].
 * Rows of a fused projection are re-ordered from [head, (q,k,v), headSize] to [(q,k,v), head, headSize], so that queries,
 * keys and values come out contiguous and no step has to split them.
 */
import { blockLinears, type Linear, type ModelDescription } from '../description.ts';
import type { ExternalData } from './graph-builder.ts';
import type { LinearFormat } from './variant.ts';

/** Formats that need a file of their own. */
export type QuantisedFormat = Exclude<LinearFormat, { kind: 'float' }>;

export interface QuantisedTensor {
  readonly linear: Linear;
  /** Heads whose (q,k,v) rows are gathered; undefined = rows as they are. */
  readonly fusedHeads: number | undefined;
  readonly values: ExternalData & { readonly dimensions: readonly number[] };
  readonly scales: ExternalData & { readonly dimensions: readonly number[] };
}

export interface QuantisedLayout {
  /** By weight name, in file order. */
  readonly tensors: ReadonlyMap<string, QuantisedTensor>;
  readonly totalBytes: number;
}

/** The name of the quantised weights in a graph's folder. */
export const QUANTISED_FILE = 'quantised.bin';

const ALIGNMENT = 64;

/** The layout of all linear layers of `model`, the head included; a tied head is stored like any other. */
export function quantisedLayout(model: ModelDescription, format: QuantisedFormat): QuantisedLayout {
  const tensors = new Map<string, QuantisedTensor>();
  let end = 0;
  const place = (dimensions: readonly number[], bytesPerElement: number) => {
    const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    const byteLength = dimensions.reduce((product, d) => product * d, bytesPerElement);
    end = offset + byteLength;
    return { file: QUANTISED_FILE, offset, byteLength, dimensions };
  };
  for (const { linear, fusedHeads } of quantisedLinears(model)) {
    const { values, scales } = dimensionsOf(linear, format);
    tensors.set(linear.weight, { linear, fusedHeads, values: place(values, 1), scales: place(scales, 4) });
  }
  return { tensors, totalBytes: end };
}

function quantisedLinears(model: ModelDescription) {
  return [
    ...model.blocks.flatMap((block) => {
      const { projection, headCount } = block.attention;
      const fused = projection.kind === 'fused-qkv' ? projection.linear : undefined;
      return blockLinears(block).map((linear) => ({
        linear,
        fusedHeads: linear === fused ? headCount : undefined,
      }));
    }),
    { linear: model.head, fusedHeads: undefined },
  ];
}

function dimensionsOf({ outFeatures, inFeatures }: Linear, format: QuantisedFormat) {
  if (format.kind === 'w8a8') return { values: [inFeatures, outFeatures], scales: [outFeatures] };
  const groups = inFeatures / format.groupSize;
  const bytes = (format.groupSize * format.bits) / 8;
  return { values: [outFeatures, groups, bytes], scales: [outFeatures * groups] };
}

/** Row of the checkpoint that becomes row `row` of a fused projection with `heads` heads. */
export function fusedSourceRow(row: number, heads: number, headSize: number): number {
  const part = Math.floor(row / (heads * headSize));
  const head = Math.floor(row / headSize) % heads;
  return (head * 3 + part) * headSize + (row % headSize);
}
