/** The tensor types that Hayasa writes into GGUF files, each with its encoder. */
import { encodeFloats } from '../numeric/tensor-values.ts';
import { BLOCK_VALUES, Q4_0_BLOCK_BYTES, Q8_0_BLOCK_BYTES, quantiseQ4_0, quantiseQ8_0 } from './blocks.ts';

export const GGUF_TYPES = ['f32', 'f16', 'q8_0', 'q4_0'] as const;
export type GgufType = (typeof GGUF_TYPES)[number];

export interface TensorType {
  /** Number of ggml_type. */
  readonly number: number;
  /** Number of llama_ftype for a file whose matrices have this type. */
  readonly fileType: number;
  /** Values that are stored together; a row must be a multiple. */
  readonly blockValues: number;
  readonly blockBytes: number;
  /** Bytes of `values` (a multiple of `blockValues`). May share memory with them for f32. */
  encode(values: Float32Array): Uint8Array;
}

export const tensorTypes: Readonly<Record<GgufType, TensorType>> = {
  f32: {
    number: 0,
    fileType: 0,
    blockValues: 1,
    blockBytes: 4,
    encode: (values) => encodeFloats(values, 'F32'),
  },
  f16: {
    number: 1,
    fileType: 1,
    blockValues: 1,
    blockBytes: 2,
    encode: (values) => encodeFloats(values, 'F16'),
  },
  q8_0: {
    number: 8,
    fileType: 7,
    blockValues: BLOCK_VALUES,
    blockBytes: Q8_0_BLOCK_BYTES,
    encode: quantiseQ8_0,
  },
  q4_0: {
    number: 2,
    fileType: 2,
    blockValues: BLOCK_VALUES,
    blockBytes: Q4_0_BLOCK_BYTES,
    encode: quantiseQ4_0,
  },
};
