/** Cosines and sines of rotary positions, half-split style: angle[p, j] = p * frequency[j], j in [0, dimensions / 2). */
import { type Rotary, rotaryFrequencies, rotaryMagnitude } from '../rotary.ts';

export interface RotaryTables {
  /** [positions, dimensions / 2] */
  readonly cosines: Float32Array;
  readonly sines: Float32Array;
}

/** Tables for positions [0, positions). */
export function rotaryTables(positions: number, rotary: Rotary): RotaryTables {
  const half = rotary.dimensions / 2;
  const frequencies = rotaryFrequencies(rotary);
  const magnitude = rotaryMagnitude(rotary);
  const cosines = new Float32Array(positions * half);
  const sines = new Float32Array(positions * half);
  for (let j = 0; j < half; j += 1) {
    const frequency = frequencies[j] ?? 0;
    for (let p = 0; p < positions; p += 1) {
      cosines[p * half + j] = magnitude * Math.cos(p * frequency);
      sines[p * half + j] = magnitude * Math.sin(p * frequency);
    }
  }
  return { cosines, sines };
}
