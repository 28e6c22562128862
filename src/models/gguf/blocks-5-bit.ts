/**
 * ggml's blocks of 5 bits, for reading: 32 values share one float16 scale; their fifth bits stand together.
 *   q5_0: scale, 4 bytes of fifth bits, 16 bytes of two nibbles            22 bytes   value = scale * (q - 16)
 *   q5_1: scale, minimum, 4 bytes of fifth bits, 16 bytes of two nibbles   24 bytes   value = scale * q + minimum
 * Byte i of the nibbles holds value i low, i + 16 high; bit i of the fifth bits (little endian) belongs to value i.
 * Source: block_q5_0 and block_q5_1 in ggml's ggml-common.h, dequantize_row_q5_0 and _q5_1 in ggml-quants.c.
 */
import { float16ToFloat32 } from '../numeric/float16.ts';

const BLOCK_VALUES = 32;
const HALF = BLOCK_VALUES / 2;

/** The values of whole q5_0 blocks. */
export const dequantiseQ5_0 = (bytes: Uint8Array): Float32Array =>
  eachValue(bytes, 22, 1, ([scale = 0], q) => scale * (q - 16));

/** The values of whole q5_1 blocks. */
export const dequantiseQ5_1 = (bytes: Uint8Array): Float32Array =>
  eachValue(bytes, 24, 2, ([scale = 0, minimum = 0], q) => Math.fround(scale * q) + minimum);

function eachValue(
  bytes: Uint8Array,
  blockBytes: number,
  halfCount: number,
  decode: (halves: Float32Array, q: number) => number,
): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = Math.floor(bytes.byteLength / blockBytes);
  const values = new Float32Array(blocks * BLOCK_VALUES);
  const stored = new Uint16Array(halfCount);
  const halves = new Float32Array(halfCount);
  for (let block = 0; block < blocks; block += 1) {
    const start = block * blockBytes;
    for (let i = 0; i < halfCount; i += 1) stored[i] = view.getUint16(start + 2 * i, true);
    float16ToFloat32(stored, halves);
    const fifthBits = view.getUint32(start + 2 * halfCount, true);
    const nibbles = start + 2 * halfCount + 4;
    for (let i = 0; i < BLOCK_VALUES; i += 1) {
      const byte = bytes[nibbles + (i % HALF)] as number;
      const low = i < HALF ? byte & 15 : byte >>> 4;
      values[block * BLOCK_VALUES + i] = decode(halves, low | (((fifthBits >>> i) & 1) << 4));
    }
  }
  return values;
}
