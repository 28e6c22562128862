/**
 * ggml's K-quants, read: 256 values share one float16 scale (and one float16 minimum); inside, runs of 32 or 16 values
 * have small integer scales of their own. Every product is rounded to float32, as ggml computes it.
 *   q4_K: d, dmin, 12 bytes of eight 6-bit (scale, minimum) pairs, 128 bytes of nibbles       144 bytes
 *   q5_K: the same with 32 bytes of fifth bits before the nibbles                             176 bytes
 *   q6_K: 128 bytes of low nibbles, 64 of upper bit pairs, 16 int8 scales, d                  210 bytes
 * Source: block_q4_K, block_q5_K, block_q6_K and their dequantisers in ggml (ggml-common.h, ggml-quants.c).
 */
import { float16ToFloat32 } from '../numeric/float16.ts';

const VALUES = 256;
const PAIR_BYTES = 12;

export const dequantiseQ4_K = (bytes: Uint8Array): Float32Array => withMinimum(bytes, 144, undefined);

export const dequantiseQ5_K = (bytes: Uint8Array): Float32Array => withMinimum(bytes, 176, 16);

/** value = (d * scale) * q - (dmin * minimum), per run of 32; `highAt` is where fifth bits stand. */
function withMinimum(bytes: Uint8Array, blockBytes: number, highAt: number | undefined): Float32Array {
  const blocks = bytes.byteLength / blockBytes;
  const values = new Float32Array(blocks * VALUES);
  for (let block = 0; block < blocks; block += 1) {
    const base = block * blockBytes;
    const d = half(bytes, base);
    const dmin = half(bytes, base + 2);
    const low = base + (highAt === undefined ? 4 + PAIR_BYTES : highAt + 32);
    for (let run = 0; run < 8; run += 1) {
      const { scale, minimum } = pairOf(bytes, base + 4, run);
      const step = Math.fround(d * scale);
      const offset = Math.fround(dmin * minimum);
      for (let i = 0; i < 32; i += 1) {
        const byte = bytes[low + (run >> 1) * 32 + i] as number;
        const fifth = highAt === undefined ? 0 : ((bytes[base + highAt + i] as number) >> run) & 1;
        const q = (run % 2 === 0 ? byte & 15 : byte >> 4) | (fifth << 4);
        values[block * VALUES + run * 32 + i] = Math.fround(step * q) - offset;
      }
    }
  }
  return values;
}

/** The 6-bit scale and minimum of run 0..7: four bytes of scales, four of minima, four of what did not fit. */
function pairOf(bytes: Uint8Array, at: number, run: number): { scale: number; minimum: number } {
  const place = run % 4;
  const scale = bytes[at + place] as number;
  const minimum = bytes[at + 4 + place] as number;
  if (run < 4) return { scale: scale & 63, minimum: minimum & 63 };
  const rest = bytes[at + 8 + place] as number;
  return { scale: (rest & 15) | ((scale >> 2) & 48), minimum: (rest >> 4) | ((minimum >> 2) & 48) };
}

/** value = (d * scale) * (q - 32), per run of 16. */
export function dequantiseQ6_K(bytes: Uint8Array): Float32Array {
  const blocks = bytes.byteLength / 210;
  const values = new Float32Array(blocks * VALUES);
  for (let block = 0; block < blocks; block += 1) {
    const base = block * 210;
    const d = half(bytes, base + 208);
    for (let i = 0; i < VALUES; i += 1) {
      // Halves of 128 values; in each, nibbles of 64 bytes, upper pairs of 32.
      const part = i >> 7;
      const within = i & 127;
      const lowByte = bytes[base + part * 64 + (within & 63)] as number;
      const low = within < 64 ? lowByte & 15 : lowByte >> 4;
      const pair = ((bytes[base + 128 + part * 32 + (within & 31)] as number) >> (2 * (within >> 5))) & 3;
      const scale = ((bytes[base + 192 + (i >> 4)] as number) << 24) >> 24;
      values[block * VALUES + i] = Math.fround(d * scale) * ((low | (pair << 4)) - 32);
    }
  }
  return values;
}

const halves = new Uint16Array(1);
const floats = new Float32Array(1);

function half(bytes: Uint8Array, at: number): number {
  halves[0] = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  float16ToFloat32(halves, floats);
  return floats[0] as number;
}
