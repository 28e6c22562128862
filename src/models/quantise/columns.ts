/**
 * int8 weights with one float32 scale per output, transposed for com.microsoft.DynamicQuantizeMatMul:
 * checkpoint [outFeatures, inFeatures] -> int8 [inFeatures, outFeatures], value = scale[output] * q, q in [-127, 127].
 */

/** Rows of one tile: a tile of 64 outputs writes whole cache lines of the transposed result. */
const TILE = 64;

/**
 * Quantises `rowCount` checkpoint rows of `inFeatures` values that become columns [firstColumn, firstColumn + rowCount)
 * of `quantised`, int8 [inFeatures, outFeatures]; `scales[column]` is set for each.
 */
export function quantiseColumns(
  rows: Float32Array,
  rowCount: number,
  inFeatures: number,
  firstColumn: number,
  outFeatures: number,
  quantised: Int8Array,
  scales: Float32Array,
): void {
  const inverses = new Float64Array(TILE);
  for (let tile = 0; tile < rowCount; tile += TILE) {
    const width = Math.min(TILE, rowCount - tile);
    for (let r = 0; r < width; r += 1) {
      const largest = largestMagnitude(rows, (tile + r) * inFeatures, inFeatures);
      scales[firstColumn + tile + r] = largest / 127;
      inverses[r] = largest === 0 ? 0 : 127 / largest;
    }
    const source = tile * inFeatures;
    for (let k = 0; k < inFeatures; k += 1) {
      const target = k * outFeatures + firstColumn + tile;
      for (let r = 0; r < width; r += 1) {
        const scaled = (rows[source + r * inFeatures + k] as number) * (inverses[r] as number);
        quantised[target + r] = ((scaled + 128.5) | 0) - 128;
      }
    }
  }
}

function largestMagnitude(values: Float32Array, start: number, count: number): number {
  let largest = 0;
  for (let i = start; i < start + count; i += 1) {
    const magnitude = Math.abs(values[i] as number);
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}
