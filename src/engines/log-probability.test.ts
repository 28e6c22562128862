import { describe, expect, it } from 'vitest';
import { logProbability } from './log-probability.ts';

describe('logProbability', () => {
  it('is ln p of the token, whatever is added to all logits', () => {
    // p = (3/4, 1/4)
    const logits = Float32Array.of(Math.log(3), 0);
    expect(logProbability(logits, 0)).toBeCloseTo(Math.log(3 / 4), 6);
    expect(logProbability(logits, 1)).toBeCloseTo(Math.log(1 / 4), 6);
    expect(logProbability(Float32Array.of(100, 100, 100, 100), 2)).toBeCloseTo(-Math.log(4), 12);
  });

  it('survives logits that would overflow', () => {
    expect(logProbability(Float32Array.of(1000, 0), 1)).toBeCloseTo(-1000, 6);
  });

  it('says that logits are damaged', () => {
    expect(logProbability(Float32Array.of(1, Number.NaN), 0)).toBeNaN();
  });
});
