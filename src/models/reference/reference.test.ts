import { describe, expect, it } from 'vitest';
import { testHost } from '../../host/test-host.ts';
import { openCheckpoint } from '../checkpoint/open.ts';
import { presetOf } from '../presets.ts';
import type { ModelShape } from '../shape.ts';
import { writeSyntheticCheckpoint } from '../synthetic/synthetic-checkpoint.ts';
import { loadReference } from './decoder.ts';
import { argmax, referenceGenerate, referenceLogits } from './generate.ts';
import { activate, erf, softmax } from './linear-algebra.ts';

function tiny(change: Partial<ModelShape> = {}) {
  const { files } = testHost();
  const shape = { ...presetOf('tiny').shape, ...change };
  writeSyntheticCheckpoint(files, { shape, preset: 'tiny', seed: 1, dtype: 'F32', folder: '/m' });
  return { files, checkpoint: openCheckpoint(files, '/m') };
}

describe('the error function', () => {
  // Values of erf from tables (Abramowitz and Stegun, table 7.1), and of erfc(3) and erfc(5).
  it.each([
    [0, 0],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [-1, -0.8427007929497149],
    [3, 1 - 2.209049699858544e-5],
    [5, 1 - 1.5374597944280349e-12],
  ])('of %d is %d', (x, value) => {
    expect(erf(x)).toBeCloseTo(value, 14);
  });

  it('has no step where the series ends', () => {
    expect(erf(3) - erf(3 - 1e-9)).toBeLessThan(1e-12);
    expect(erf(3) - erf(3 - 1e-9)).toBeGreaterThanOrEqual(0);
  });
});

describe('parts', () => {
  it('gelu in both forms', () => {
    expect(activate('gelu-erf', 1)).toBeCloseTo(0.8413447460685429, 14);
    expect(activate('gelu-tanh', 1)).toBeCloseTo(0.8411919906082768, 14);
  });

  it('softmax of large scores', () => {
    expect([...softmax(Float64Array.of(1000, 1000))]).toEqual([0.5, 0.5]);
  });

  it('argmax takes the first of equals', () => {
    expect(argmax([1, 3, 3, 2])).toBe(1);
  });
});

describe('the reference decoder', () => {
  it('generates what its own logits say, one by one', () => {
    const { files, checkpoint } = tiny();
    const prompt = [3, 14, 15, 92];
    const generated = referenceGenerate(files, checkpoint, prompt, 8);
    const forced = referenceLogits(files, checkpoint, [...prompt, ...generated.slice(0, -1)]);
    expect(forced.slice(prompt.length - 1).map(argmax)).toEqual(generated);
    expect(new Set(generated).size).toBeGreaterThan(2);
  });

  it('depends on order and on the whole context', () => {
    const { files, checkpoint } = tiny();
    const last = (tokens: number[]) => referenceLogits(files, checkpoint, tokens).at(-1)!;
    const distance = (a: Float64Array, b: Float64Array) =>
      Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
    expect(distance(last([1, 2, 3, 4]), last([2, 1, 3, 4]))).toBeGreaterThan(0.01);
    expect(distance(last([1, 2, 3, 4]), last([5, 2, 3, 4]))).toBeGreaterThan(0.01);
  });

  it('tells the variants of the architecture apart', () => {
    const logits = (change: Partial<ModelShape>) => {
      const { files, checkpoint } = tiny(change);
      return referenceLogits(files, checkpoint, [7, 8, 9]).at(-1)!.slice(0, 4).join();
    };
    const variants: Partial<ModelShape>[] = [
      {},
      { residual: 'parallel' },
      { activation: 'gelu-tanh' },
      { rotary: { dimensions: 16, base: 10000 } },
      { rotary: { dimensions: 32, base: 500 } },
      { normEpsilon: 1e-2 },
      { tiedEmbeddings: true },
    ];
    expect(new Set(variants.map(logits)).size).toBe(variants.length);
  });

  it('keeps sequences apart', () => {
    const { files, checkpoint } = tiny();
    const model = loadReference(files, checkpoint);
    const [a, b] = [model.start(), model.start()];
    a.next(1);
    b.next(2);
    expect([...a.next(5)]).toEqual([...referenceLogits(files, checkpoint, [1, 5], model)[1]!]);
  });

  it('refuses tokens outside the vocabulary', () => {
    const { files, checkpoint } = tiny();
    expect(() => referenceGenerate(files, checkpoint, [512], 1)).toThrow(/outside the vocabulary of 512/);
  });
});
