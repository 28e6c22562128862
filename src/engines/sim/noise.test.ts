import { describe, expect, it } from 'vitest';
import { noiseOf } from './noise.ts';
import { NOISE_MODELS, type NoiseModel, simOptions } from './options.ts';

const factors = (noise: NoiseModel, more: object = {}, count = 2_000, launch = 'a'): number[] => {
  const source = noiseOf(simOptions.parse({ noise, noiseScale: 0.1, noisePeriod_ms: 1, ...more }), launch);
  return Array.from({ length: count }, (_, i) => source.next(BigInt(i) * 10_000n));
};
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

describe('noiseOf', () => {
  it.each(NOISE_MODELS)('repeats itself for one seed and launch: %s', (noise) => {
    expect(factors(noise)).toEqual(factors(noise));
    expect(Math.min(...factors(noise, { noiseScale: 5 }))).toBeGreaterThanOrEqual(0.05);
  });

  it('has the moments and shapes that it names', () => {
    expect(new Set(factors('none'))).toEqual(new Set([1]));
    const white = factors('white');
    expect(mean(white)).toBeCloseTo(1, 2);
    expect(Math.sqrt(mean(white.map((x) => (x - 1) ** 2)))).toBeCloseTo(0.1, 2);
    const correlated = factors('autocorrelated').map((x) => x - 1);
    const lagged = mean(correlated.slice(1).map((x, i) => x * correlated[i]!));
    expect(lagged / mean(correlated.map((x) => x * x))).toBeCloseTo(0.9, 1);
    expect(factors('drift').at(200)).toBeCloseTo(1 + 0.1 * 2, 12);
    expect([factors('step')[99], factors('step')[100]]).toEqual([1, 1.1]);
    expect(new Set(factors('bimodal'))).toEqual(new Set([1, 1.1]));
    expect(Math.max(...factors('heavy-tailed'))).toBeGreaterThan(2);
  });

  it('gives all launches the same bursts, and each launch a factor of its own', () => {
    expect(factors('bursts', {}, 2_000, 'b')).toEqual(factors('bursts'));
    expect(new Set(factors('bursts'))).toEqual(new Set([1, 1.1]));
    const [a] = factors('none', { launchScale: 0.1 }, 1, 'a');
    const [b] = factors('none', { launchScale: 0.1 }, 1, 'b');
    expect(a).not.toBe(b);
  });
});
