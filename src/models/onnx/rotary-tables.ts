/**
 * Cosines and sines of rotary positions (Su et al., 2021), half-split style as in GPT-NeoX:
 * angle[p, j] = p * base^(-2j / dimensions), j in [0, dimensions / 2).
 */

export interface RotaryTables {
  /** [positions, dimensions / 2] */
  readonly cosines: Float32Array;
  readonly sines: Float32Array;
}

/** Tables for positions [0, positions). */
export function rotaryTables(positions: number, dimensions: number, base: number): RotaryTables {
  const half = dimensions / 2;
  const cosines = new Float32Array(positions * half);
  const sines = new Float32Array(positions * half);
  for (let j = 0; j < half; j += 1) {
    const frequency = base ** ((-2 * j) / dimensions);
    for (let p = 0; p < positions; p += 1) {
      cosines[p * half + j] = Math.cos(p * frequency);
      sines[p * half + j] = Math.sin(p * frequency);
    }
  }
  return { cosines, sines };
}
