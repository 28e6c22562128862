/** An opened checkpoint as plain data: what the model is, where each tensor lies, and where the weights come from. */
import { contentHash } from '../../kernel/canonical.ts';
import type { Words } from '../../kernel/language.ts';
import type { ModelDescription } from '../description.ts';
import type { WeightFormat } from '../precision.ts';
import type { ModelShape } from '../shape.ts';

/** Formats that weights may be stored in. */
export const TENSOR_DTYPES = ['F32', 'F16', 'BF16'] as const;
export type TensorDtype = (typeof TENSOR_DTYPES)[number];

export interface CheckpointTensor {
  /** Absolute path, links resolved. */
  readonly file: string;
  readonly dtype: TensorDtype;
  readonly dimensions: readonly number[];
  /** From the start of the file, in bytes. */
  readonly offset: number;
  readonly byteLength: number;
}

/** Synthetic weights are never mistaken for published ones: the marker file says so. */
export type Origin =
  | { readonly kind: 'synthetic'; readonly preset: string; readonly seed: number; readonly generator: number }
  | {
      readonly kind: 'published';
      readonly name: string;
      /** The hub's commit, where the files lie in a cache of the hub. */
      readonly revision?: string;
    };

export interface Checkpoint {
  /** Absolute, links resolved. */
  readonly folder: string;
  readonly shape: ModelShape;
  readonly description: ModelDescription;
  /** Exactly the tensors of the description; buffers are left out. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** The dtype that holds most of the parameters. */
  readonly dtype: TensorDtype;
  /** Sum over `tensors`. */
  readonly totalBytes: number;
  /** Identity of the model for cells: shape, tensors and origin. */
  readonly modelHash: string;
  readonly origin: Origin;
  /** Oddities that do no harm, each as one line. */
  readonly warnings: readonly Words[];
}

/** Bytes per element. */
export const dtypeBytes = (dtype: TensorDtype): number => (dtype === 'F32' ? 4 : 2);

/** A stored dtype as the weight format of a precision. */
export function weightFormatOf(
  dtype: TensorDtype,
): Extract<WeightFormat, 'float32' | 'float16' | 'bfloat16'> {
  return ({ F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const)[dtype];
}

export interface ModelIdentity {
  readonly shape: ModelShape;
  readonly tensors: Iterable<readonly [string, Pick<CheckpointTensor, 'dtype' | 'dimensions'>]>;
  readonly origin: Origin;
  /** Digest of samples of the weights, where their origin does not fix them. */
  readonly fingerprint: string | undefined;
}

/**
 * The model hash of cells. How the tensors are spread over files does not enter, so a sharded copy is the same model.
 */
export function modelHashOf(identity: ModelIdentity): string {
  const tensors = [...identity.tensors]
    .map(([name, { dtype, dimensions }]) => [name, dtype, dimensions] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return contentHash({
    shape: identity.shape,
    tensors,
    origin: identity.origin,
    fingerprint: identity.fingerprint,
  });
}
