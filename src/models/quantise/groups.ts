/**
 * Weights in groups of `groupSize` along the inputs, one float32 scale per group, as com.microsoft.MatMulNBits reads
 * them without zero points: value = scale * (q - 2^(bits-1)).
 *   8 bits: q in [1, 255], the largest magnitude becomes +-127;
 *   4 bits: q in [0, 15], the value of largest magnitude becomes -8 exactly (so the scale may be negative), two per
 *   byte, the first in the low half.
 */

/** Quantises whole groups. `quantised` and `scales` are filled from their start. */
export function quantiseGroups(
  values: Float32Array,
  bits: 8 | 4,
  groupSize: number,
  quantised: Uint8Array,
  scales: Float32Array,
): void {
  if (bits === 8) quantiseGroups8(values, groupSize, quantised, scales);
  else quantiseGroups4(values, groupSize, quantised, scales);
}

function quantiseGroups8(
  values: Float32Array,
  groupSize: number,
  quantised: Uint8Array,
  scales: Float32Array,
): void {
  const groups = values.length / groupSize;
  for (let group = 0; group < groups; group += 1) {
    const start = group * groupSize;
    const end = start + groupSize;
    let largest = 0;
    for (let i = start; i < end; i += 1) {
      const magnitude = Math.abs(values[i] as number);
      if (magnitude > largest) largest = magnitude;
    }
    const inverse = largest === 0 ? 0 : 127 / largest;
    scales[group] = largest / 127;
    // Positive before truncation, so that `| 0` rounds to nearest.
    for (let i = start; i < end; i += 1) quantised[i] = ((values[i] as number) * inverse + 128.5) | 0;
  }
}

function quantiseGroups4(
  values: Float32Array,
  groupSize: number,
  quantised: Uint8Array,
  scales: Float32Array,
): void {
  const groups = values.length / groupSize;
  for (let group = 0; group < groups; group += 1) {
    const start = group * groupSize;
    const end = start + groupSize;
    let largest = 0;
    let smallest = 0;
    for (let i = start; i < end; i += 1) {
      const value = values[i] as number;
      if (value > largest) largest = value;
      else if (value < smallest) smallest = value;
    }
    const signed = largest > -smallest ? largest : smallest;
    const inverse = signed === 0 ? 0 : -8 / signed;
    scales[group] = signed / -8;
    for (let i = start; i < end; i += 2) {
      const low = Math.min(15, ((values[i] as number) * inverse + 8.5) | 0);
      const high = Math.min(15, ((values[i + 1] as number) * inverse + 8.5) | 0);
      quantised[i >> 1] = low | (high << 4);
    }
  }
}
