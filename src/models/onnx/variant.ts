/** What can differ between two graphs of one model. */

/** How the weights of linear layers are stored and multiplied. */
export type LinearFormat =
  /** As stored in the checkpoint; anything but float32 is cast to it when the session is made. */
  | { readonly kind: 'float'; readonly roundTo?: 'float16' }
  /** DynamicQuantizeMatMul: int8 weights with one scale per output, activations to int8 per tensor at run time. */
  | { readonly kind: 'w8a8' }
  /** MatMulNBits: weights in groups along the inputs. */
  | {
      readonly kind: 'groups';
      readonly bits: 8 | 4;
      readonly groupSize: number;
      /** What the kernel may reduce activations to: 0 unset, 1 float32, 2 float16, 3 bfloat16, 4 int8. */
      readonly accuracyLevel: 0 | 1 | 2 | 3 | 4;
    };

export interface GraphVariant {
  /** `fused`: GroupQueryAttention; `plain`: rotary, MatMul, Softmax, MatMul from standard operators. */
  readonly attention: 'fused' | 'plain';
  readonly kvCacheFormat: 'float32' | 'float16';
  readonly linear: LinearFormat;
  /** Positions that the rotary tables hold; the model's own where it is left out. */
  readonly positions?: number;
}

/** Tables of models with fewer positions are whole; beyond, they grow with what is asked. */
const TABLE_POSITIONS = 8192;

/**
 * Positions of the rotary tables of a graph that serves up to `askedPositions`, in steps, so that few graphs are
 * written; undefined where the model's own are few enough (a table for 131,072 positions takes 67 MB).
 */
export function tablePositions(maximumPositions: number, askedPositions: number): number | undefined {
  if (maximumPositions <= TABLE_POSITIONS) return undefined;
  const steps = Math.max(1, Math.ceil(askedPositions / TABLE_POSITIONS));
  return Math.min(maximumPositions, steps * TABLE_POSITIONS);
}

/** Where a tensor's bytes lie: `file` is a name in the graph's own folder. */
export interface TensorLocation {
  readonly file: string;
  readonly dtype: 'F32' | 'F16' | 'BF16';
  readonly dimensions: readonly number[];
  readonly offset: number;
  readonly byteLength: number;
}

/** Fused attention rotates in vectors of 16. */
export const FUSED_ROTARY_MULTIPLE = 16;
