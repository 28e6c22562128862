/**
 * ggml's block formats: 32 values share one float16 scale. Rounding follows ggml's reference quantisers (float32
 * arithmetic, scale kept in float32 for dividing, stored as float16), so that files equal those of llama.cpp's own tool.
 *   q8_0: scale, 32 x int8                  34 bytes   value = scale * q
 *   q4_0: scale, 16 bytes of two nibbles    18 bytes   value = scale * (q - 8); byte i holds value i low, i + 16 high
 *   q4_1: scale, minimum, 16 bytes of nibbles  20 bytes   value = scale * q + minimum (read only)
 * Source: block_q8_0, block_q4_0 and block_q4_1 in ggml's ggml-common.h, and their reference quantisers in ggml-quants.c.
 */
import { float16ToFloat32, float32ToFloat16 } from '../numeric/float16.ts';

export const BLOCK_VALUES = 32;
export const Q8_0_BLOCK_BYTES = 34;
export const Q4_0_BLOCK_BYTES = 18;
const Q4_1_BLOCK_BYTES = 20;

/** Quantises whole blocks: `values.length` is a multiple of 32. */
export function quantiseQ8_0(values: Float32Array): Uint8Array {
  const blocks = values.length / BLOCK_VALUES;
  const scales = new Float32Array(blocks);
  const bytes = new Uint8Array(blocks * Q8_0_BLOCK_BYTES);
  for (let block = 0; block < blocks; block += 1) {
    const start = block * BLOCK_VALUES;
    let largest = 0;
    for (let i = start; i < start + BLOCK_VALUES; i += 1) {
      const magnitude = Math.abs(values[i] as number);
      if (magnitude > largest) largest = magnitude;
    }
    const scale = Math.fround(largest / 127);
    scales[block] = scale;
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    const target = block * Q8_0_BLOCK_BYTES + 2;
    for (let i = 0; i < BLOCK_VALUES; i += 1) {
      const scaled = Math.fround((values[start + i] as number) * inverse);
      // Halves go away from zero, as C's roundf; bytes wrap to two's complement.
      bytes[target + i] = scaled < 0 ? -Math.floor(0.5 - scaled) : Math.floor(scaled + 0.5);
    }
  }
  storeScales(scales, bytes, Q8_0_BLOCK_BYTES);
  return bytes;
}

/** Quantises whole blocks: `values.length` is a multiple of 32. The value of largest magnitude becomes -8 exactly. */
export function quantiseQ4_0(values: Float32Array): Uint8Array {
  const blocks = values.length / BLOCK_VALUES;
  const half = BLOCK_VALUES / 2;
  const scales = new Float32Array(blocks);
  const bytes = new Uint8Array(blocks * Q4_0_BLOCK_BYTES);
  for (let block = 0; block < blocks; block += 1) {
    const start = block * BLOCK_VALUES;
    let largest = 0;
    let signed = 0;
    for (let i = start; i < start + BLOCK_VALUES; i += 1) {
      const value = values[i] as number;
      const magnitude = Math.abs(value);
      if (magnitude > largest) {
        largest = magnitude;
        signed = value;
      }
    }
    const scale = Math.fround(signed / -8);
    scales[block] = scale;
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    const target = block * Q4_0_BLOCK_BYTES + 2;
    for (let i = 0; i < half; i += 1) {
      const low = nibble(values[start + i] as number, inverse);
      const high = nibble(values[start + half + i] as number, inverse);
      bytes[target + i] = low | (high << 4);
    }
  }
  storeScales(scales, bytes, Q4_0_BLOCK_BYTES);
  return bytes;
}

function nibble(value: number, inverse: number): number {
  const shifted = Math.trunc(Math.fround(Math.fround(value * inverse) + 8.5));
  return Math.min(shifted, 15);
}

/** The values of whole q8_0 blocks. */
export function dequantiseQ8_0(bytes: Uint8Array): Float32Array {
  const scales = loadScales(bytes, Q8_0_BLOCK_BYTES);
  const values = new Float32Array(scales.length * BLOCK_VALUES);
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < values.length; i += 1) {
    const block = Math.floor(i / BLOCK_VALUES);
    const quantised = signed[block * Q8_0_BLOCK_BYTES + 2 + (i % BLOCK_VALUES)] as number;
    values[i] = (scales[block] as number) * quantised;
  }
  return values;
}

/** The values of whole q4_0 blocks. */
export function dequantiseQ4_0(bytes: Uint8Array): Float32Array {
  const scales = loadScales(bytes, Q4_0_BLOCK_BYTES);
  const values = new Float32Array(scales.length * BLOCK_VALUES);
  const half = BLOCK_VALUES / 2;
  for (let i = 0; i < values.length; i += 1) {
    const block = Math.floor(i / BLOCK_VALUES);
    const within = i % BLOCK_VALUES;
    const byte = bytes[block * Q4_0_BLOCK_BYTES + 2 + (within % half)] as number;
    values[i] = (scales[block] as number) * ((within < half ? byte & 15 : byte >>> 4) - 8);
  }
  return values;
}

/** The values of whole q4_1 blocks: scale * q + minimum. */
export function dequantiseQ4_1(bytes: Uint8Array): Float32Array {
  const scales = loadScales(bytes, Q4_1_BLOCK_BYTES);
  const minima = loadScales(bytes.subarray(2), Q4_1_BLOCK_BYTES);
  const values = new Float32Array(scales.length * BLOCK_VALUES);
  const half = BLOCK_VALUES / 2;
  for (let i = 0; i < values.length; i += 1) {
    const block = Math.floor(i / BLOCK_VALUES);
    const within = i % BLOCK_VALUES;
    const byte = bytes[block * Q4_1_BLOCK_BYTES + 4 + (within % half)] as number;
    const q = within < half ? byte & 15 : byte >>> 4;
    values[i] = Math.fround((scales[block] as number) * q) + (minima[block] as number);
  }
  return values;
}

function storeScales(scales: Float32Array, bytes: Uint8Array, blockBytes: number): void {
  const halves = new Uint16Array(scales.length);
  float32ToFloat16(scales, halves);
  for (let block = 0; block < halves.length; block += 1) {
    const bits = halves[block] as number;
    bytes[block * blockBytes] = bits & 0xff;
    bytes[block * blockBytes + 1] = bits >>> 8;
  }
}

function loadScales(bytes: Uint8Array, blockBytes: number): Float32Array {
  const halves = new Uint16Array(Math.ceil(bytes.byteLength / blockBytes));
  for (let block = 0; block < halves.length; block += 1) {
    halves[block] = (bytes[block * blockBytes] as number) | ((bytes[block * blockBytes + 1] as number) << 8);
  }
  const scales = new Float32Array(halves.length);
  float16ToFloat32(halves, scales);
  return scales;
}
