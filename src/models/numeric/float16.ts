/**
 * IEEE 754 binary16 to and from binary32, over whole arrays. To binary16 it rounds to nearest, ties to even; beyond
 * 65504 (from 65520 on) it gives infinity, below 2^-14 subnormals, and a NaN stays a NaN.
 */

/** All 65,536 values; built at the first use. */
let values: Float32Array | undefined;

/** `target[i] = source[i]` for all i of `source` (bits of binary16). `target` has at least as many elements. */
export function float16ToFloat32(source: Uint16Array, target: Float32Array): void {
  values ??= allValues();
  for (let i = 0; i < source.length; i += 1) target[i] = values[source[i] as number] as number;
}

/** The inverse, rounded. */
export function float32ToFloat16(source: Float32Array, target: Uint16Array): void {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0; i < bits.length; i += 1) target[i] = halfBits(bits[i] as number);
}

function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  // The top bits of a NaN's payload are kept; the quiet bit keeps it from becoming infinity.
  if (magnitude > 0x7f800000) return sign | 0x7e00 | ((magnitude >>> 13) & 0x3ff);
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000)
    return sign | ((magnitude + 0xfff + ((magnitude >>> 13) & 1) - 0x38000000) >>> 13);
  // Up to 2^-25, the tie between zero and the smallest subnormal, everything is zero.
  if (magnitude <= 0x33000000) return sign;
  const significand = (magnitude & 0x7fffff) | 0x800000;
  const shift = 126 - (magnitude >>> 23);
  const quotient = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (quotient + (rest > half || (rest === half && (quotient & 1) === 1) ? 1 : 0));
}

function allValues(): Float32Array {
  const table = new Float32Array(65536);
  for (let bits = 0; bits < table.length; bits += 1) table[bits] = halfValue(bits);
  return table;
}

function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
