import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeShape } from './architectures/registry.ts';
import { kvCacheBytesPerToken, parameterCount, stepCost, weightBytes } from './counts.ts';
import { tensorSpecs } from './description.ts';
import { precisionKind } from './precision.ts';
import { presetOf } from './presets.ts';

const describePreset = (id: string) => describeShape(presetOf(id).shape);
const fp32 = precisionKind('fp32').precision;

describe('counts of the published models', () => {
  it.each([
    ['open-calm-small', 165_075_456, 36_864],
    ['open-calm-1b', 1_421_987_840, 196_608],
    ['japanese-gpt-neox-small', 153_278_976, 36_864],
    ['japanese-gpt-neox-3.6b', 3_607_245_312, 405_504],
  ])('%s has %i parameters and %i bytes of float16 cache per token', (id, parameters, kvBytes) => {
    const model = describePreset(id);
    expect(parameterCount(model)).toBe(parameters);
    expect(weightBytes(model, fp32)).toBe(4 * parameters);
    expect(weightBytes(model, precisionKind('fp16').precision)).toBe(2 * parameters);
    expect(kvCacheBytesPerToken(model.shape, 'float16')).toBe(kvBytes);
    expect(kvCacheBytesPerToken(model.shape, 'float32')).toBe(2 * kvBytes);
    expect(kvCacheBytesPerToken(model.shape, 'int8')).toBe(kvBytes / 2);
  });

  it('sums over the tensors that a checkpoint must hold', () => {
    const model = describePreset('open-calm-small');
    const elements = tensorSpecs(model).map(({ dimensions }) => dimensions.reduce((a, b) => a * b, 1));
    expect(parameterCount(model)).toBe(elements.reduce((a, b) => a + b, 0));
  });
});

// tiny: hidden 64, 2 layers, ffn 256, vocabulary 512. Linear weights per layer 64*(192+64+256+256) = 49,152;
// two layers 98,304; head and embedding 32,768 each; norms and biases 2*(4*64 + 192+64+256+64) + 128 = 1,792.
describe('bytes of quantised weights', () => {
  const tiny = describePreset('tiny');

  it('adds a scale per group, or per row', () => {
    const linears = 98_304 + 32_768;
    const plain = 4 * (32_768 + 1_792);
    expect(weightBytes(tiny, precisionKind('w8').precision)).toBe(plain + linears + 4 * (linears / 32));
    expect(weightBytes(tiny, precisionKind('w4').precision)).toBe(plain + linears / 2 + 4 * (linears / 32));
    expect(weightBytes(tiny, precisionKind('w4').precision, { scaleBytes: 2 })).toBe(
      plain + linears / 2 + linears / 16,
    );
    const rows = 2 * (192 + 64 + 256 + 64) + 512;
    expect(weightBytes(tiny, precisionKind('w8a8').precision)).toBe(plain + linears + 4 * rows);
  });

  it('rounds the last group of a row up', () => {
    const precision = { ...precisionKind('w4').precision, groupSize: 48 };
    const groups = 2 * ((192 + 64 + 256) * 2 + 64 * 6) + 512 * 2;
    expect(weightBytes(tiny, precision)).toBe(4 * 34_560 + 131_072 / 2 + 4 * groups);
  });

  it('quantises the embedding where the layout says so', () => {
    const precision = precisionKind('w8').precision;
    const saved = 4 * 32_768 - (32_768 + 4 * 1024);
    expect(weightBytes(tiny, precision) - weightBytes(tiny, precision, { quantisedEmbedding: true })).toBe(
      saved,
    );
  });

  it('stores a tied head once in floating point and a second time when quantised', () => {
    const tied = describeShape({ ...presetOf('tiny').shape, tiedEmbeddings: true });
    expect(weightBytes(tied, fp32)).toBe(weightBytes(tiny, fp32) - 4 * 32_768);
    const w8 = precisionKind('w8').precision;
    expect(weightBytes(tied, w8)).toBe(weightBytes(tiny, w8));
  });

  it('refuses mixed formats', () => {
    expect(() => weightBytes(tiny, { ...fp32, weights: 'mixed' })).toThrow(/mixed/);
  });
});

describe('cost of a step', () => {
  const tiny = describePreset('tiny');
  const step = (batch: number, newTokensPerSequence: number, contextTokens: number) =>
    stepCost({ description: tiny, precision: fp32, batch, newTokensPerSequence, contextTokens });

  it('counts a decode step by hand', () => {
    expect(step(1, 1, 10)).toEqual({
      flops: 2 * 98_304 + 2 * 32_768 + 2 * 4 * 64 * 11,
      weightBytes: 4 * (98_304 + 32_768 + 1_792 + 64),
      kvReadBytes: 10 * 1024,
      kvWriteBytes: 1024,
      totalBytes: 4 * (98_304 + 32_768 + 1_792 + 64) + 11 * 1024,
    });
  });

  it('counts a prefill by hand: the head on the last position only', () => {
    const cost = step(2, 5, 0);
    expect(cost.flops).toBe(10 * 2 * 98_304 + 2 * 2 * 32_768 + 2 * 2 * 4 * 64 * 15);
    expect(cost.kvReadBytes).toBe(0);
    expect(cost.kvWriteBytes).toBe(10 * 1024);
  });

  it('gives a prompt the FLOPs of its tokens one by one, apart from the heads', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 100 }), (tokens, context) => {
        const single = Array.from({ length: tokens }, (_, i) => step(1, 1, context + i).flops);
        const total = single.reduce((a, b) => a + b, 0) - (tokens - 1) * 2 * 32_768;
        expect(step(1, tokens, context).flops).toBe(total);
      }),
    );
  });

  it('shares the weights among the sequences of a batch', () => {
    const one = step(1, 1, 7);
    const many = step(16, 1, 7);
    expect(many.flops).toBe(16 * one.flops);
    expect(many.weightBytes - one.weightBytes).toBe(15 * 64 * 4);
    expect(many.kvReadBytes).toBe(16 * one.kvReadBytes);
  });
});

describe('sliding windows', () => {
  const shape = { ...presetOf('gemma-3-270m').shape, layerCount: 6 };
  const window = 8;
  const model = describeShape({ ...shape, window: { tokens: window, layers: [0, 1, 2, 3, 4] } });
  const whole = describeShape({
    ...presetOf('gemma-3-270m').shape,
    layerCount: 6,
    window: { tokens: 1e6, layers: [] },
  });

  it('limit what a token sees, and what a step reads of the cache', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 30 }), (newTokens, context) => {
        const step = { precision: fp32, batch: 3, newTokensPerSequence: newTokens, contextTokens: context };
        let fewer = 0;
        for (let i = 1; i <= newTokens; i += 1) fewer += context + i - Math.min(context + i, window);
        // Five of six layers, Q K^T and P V over 4 heads of 256.
        const saved = 3 * 5 * 4 * fewer * 4 * 256;
        const [limited, plain] = [model, whole].map((description) => stepCost({ description, ...step }));
        expect(plain!.flops - limited!.flops).toBe(saved);
        const perLayer = kvCacheBytesPerToken({ ...shape, layerCount: 1 }, 'float32');
        expect(limited!.kvReadBytes).toBe(3 * perLayer * (context + 5 * Math.min(context, window - 1)));
        expect(limited!.kvWriteBytes).toBe(plain!.kvWriteBytes);
      }),
    );
  });
});
