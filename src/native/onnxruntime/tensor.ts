/**
 * Tensors over memory of our own: the library reads and writes the buffer itself, nothing is copied. The memory must not
 * move: small typed arrays live on V8's heap, where the collector moves them, so buffers come from `allocate` only
 * (`new ArrayBuffer` is always off the heap), and the tensor keeps a reference for as long as it lives.
 */
import type { Pointer } from './api-table.ts';

/** Element types by ONNX name: `TensorProto.DataType`, array class, bytes per element. float16 is held as raw bits. */
export const ELEMENT_TYPES = {
  float32: { code: 1, array: Float32Array, bytes: 4 },
  uint8: { code: 2, array: Uint8Array, bytes: 1 },
  int8: { code: 3, array: Int8Array, bytes: 1 },
  int32: { code: 6, array: Int32Array, bytes: 4 },
  int64: { code: 7, array: BigInt64Array, bytes: 8 },
  float16: { code: 10, array: Uint16Array, bytes: 2 },
} as const;

export type ElementType = keyof typeof ELEMENT_TYPES;
export type ElementArray<T extends ElementType> = InstanceType<(typeof ELEMENT_TYPES)[T]['array']>;

export interface OrtTensor {
  readonly handle: Pointer;
  readonly type: ElementType;
  readonly dimensions: readonly number[];
  /** Kept alive with the tensor. */
  readonly memory: ArrayBufferView;
  /** The memory stays; the tensor must not be used any more. */
  release(): void;
}

/**
 * Zeroed memory for `count` elements that the collector never moves.
 * @throws RangeError where the memory is not to be had
 */
export function allocate<T extends ElementType>(type: T, count: number): ElementArray<T> {
  const { array, bytes } = ELEMENT_TYPES[type];
  return new array(new ArrayBuffer(count * bytes)) as ElementArray<T>;
}
