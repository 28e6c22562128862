/** Stored GGUF tensors as float32 values, for the formats that Hayasa reads. */
import { HayasaError } from '../../kernel/errors.ts';
import { decodeFloats } from '../numeric/tensor-values.ts';
import { dequantiseQ4_0, dequantiseQ4_1, dequantiseQ8_0 } from './blocks.ts';
import { dequantiseQ5_0, dequantiseQ5_1 } from './blocks-5-bit.ts';
import { dequantiseQ4_K, dequantiseQ5_K, dequantiseQ6_K } from './k-quants.ts';

const READERS: Readonly<Record<string, (bytes: Uint8Array) => Float32Array>> = {
  F32: (bytes) => decodeFloats(bytes, 'F32'),
  F16: (bytes) => decodeFloats(bytes, 'F16'),
  BF16: (bytes) => decodeFloats(bytes, 'BF16'),
  Q8_0: dequantiseQ8_0,
  Q4_0: dequantiseQ4_0,
  Q4_1: dequantiseQ4_1,
  Q5_0: dequantiseQ5_0,
  Q5_1: dequantiseQ5_1,
  Q4_K: dequantiseQ4_K,
  Q5_K: dequantiseQ5_K,
  Q6_K: dequantiseQ6_K,
};

/** ggml's names of the formats that can be dequantised. */
export const READABLE_FORMATS: readonly string[] = Object.keys(READERS);

/**
 * The values of whole blocks of format `type`, exactly as ggml computes them.
 * @throws HayasaError `gguf/format` for another format
 */
export function dequantise(type: string, bytes: Uint8Array): Float32Array {
  const read = READERS[type];
  if (read !== undefined) return read(bytes);
  throw new HayasaError({
    code: 'gguf/format',
    message: {
      en: `tensors of format ${type} cannot be dequantised`,
      ja: `形式 ${type} のテンソルは逆量子化できません`,
    },
    hint: {
      en: `can be: ${READABLE_FORMATS.join(', ')}; llama-cpp runs the file as it is`,
      ja: `できるもの: ${READABLE_FORMATS.join(', ')}。llama-cpp ならこのファイルをそのまま動かせます`,
    },
  });
}
