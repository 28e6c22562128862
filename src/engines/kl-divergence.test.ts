import { describe, expect, it } from 'vitest';
import { klDivergence } from './kl-divergence.ts';

describe('klDivergence', () => {
  it('is 0 for equal distributions, whatever is added to all logits', () => {
    expect(klDivergence(Float32Array.of(1, 2, 3), Float32Array.of(11, 12, 13))).toBeCloseTo(0, 12);
  });

  it('is p ln (p / q), summed', () => {
    // p = (3/4, 1/4), q = (1/2, 1/2): 3/4 ln 3/2 + 1/4 ln 1/2 = 0.13081...
    const p = Float32Array.of(Math.log(3), 0);
    expect(klDivergence(p, Float32Array.of(0, 0))).toBeCloseTo(0.130812, 6);
  });

  it('survives logits that would overflow', () => {
    expect(klDivergence(Float32Array.of(1000, 0), Float32Array.of(0, 1000))).toBeCloseTo(1000, 3);
  });
});
