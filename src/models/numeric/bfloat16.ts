/** bfloat16 (the upper half of binary32) to and from binary32, over whole arrays; rounds to nearest, ties to even. */

/** `target[i] = source[i]` for all i of `source` (bits of bfloat16). `target` has at least as many elements. */
export function bfloat16ToFloat32(source: Uint16Array, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, source.length);
  for (let i = 0; i < source.length; i += 1) bits[i] = (source[i] as number) << 16;
}

/** The inverse, rounded; a NaN stays a NaN. */
export function float32ToBfloat16(source: Float32Array, target: Uint16Array): void {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0; i < bits.length; i += 1) {
    const value = bits[i] as number;
    target[i] =
      (value & 0x7fffffff) > 0x7f800000
        ? (value >>> 16) | 0x40
        : (value + 0x7fff + ((value >>> 16) & 1)) >>> 16;
  }
}
