import { describe, expect, it } from 'vitest';
import type { Cell } from '../../axes/cell.ts';
import { presetOf } from '../../models/presets.ts';
import { onnxruntimeDeclaration } from './declaration.ts';
import { onnxruntimeOptions } from './options.ts';
import { eventRuns } from './tokens-log.ts';

const shape = presetOf('open-calm-small').shape;

function cell(changes: Partial<Cell> = {}, options: Record<string, string | number | boolean> = {}): Cell {
  return {
    task: 'generate',
    model: 'small',
    modelHash: '0'.repeat(16),
    engine: 'onnxruntime',
    engineVersion: undefined,
    options: onnxruntimeOptions.parse(options),
    precision: 'fp32',
    device: 'cpu',
    threads: 2,
    inputTokens: 64,
    outputTokens: 64,
    depthTokens: 0,
    batch: 4,
    batching: 'static',
    slots: 4,
    stop: 'forced',
    promptLengths: 'equal',
    ...changes,
  };
}

const reason = (changes: Partial<Cell>, options = {}, other = shape): string => {
  const support = onnxruntimeDeclaration.supports(cell(changes, options), other);
  return support.kind === 'unsupported' ? support.reason.en : 'supported';
};

describe('the declaration', () => {
  it('refuses with a reason that names the way out', () => {
    expect(reason({})).toBe('supported');
    expect(reason({ outputTokens: 2000 })).toContain('2064 tokens of context');
    const quarter = { ...shape, rotary: { dimensions: 24, base: 10000 } };
    expect(reason({}, {}, quarter)).toContain('use attention plain');
    expect(reason({}, { attention: 'plain' }, quarter)).toBe('supported');
    expect(reason({ batching: 'continuous' }, { kvCache: 'off' })).toContain('batching static');
    expect(reason({ batching: 'continuous', depthTokens: 8 })).toContain('depth');
    expect(reason({ depthTokens: 8 }, { kvCache: 'off' })).toContain('depth 0');
    expect(reason({}, { kvCache: 'off', promptPadding: 'skipped' })).toContain('promptPadding computed');
    expect(reason({ precision: 'w4' }, { kvCache: 'off', prefillWeights: 'int8' })).toContain(
      'prefillWeights same',
    );
    const odd = { ...shape, hiddenSize: 720 };
    expect(reason({ precision: 'w4' }, {}, odd)).toContain('smaller groupSize');
  });

  it('rejects options that it does not know', () => {
    expect(() => onnxruntimeOptions.parse({ atention: 'fused' })).toThrow();
    expect(() => onnxruntimeOptions.parse({ groupSize: 48 })).toThrow();
  });

  it('counts cache and memory exactly where they are exact', () => {
    const { estimateCacheBytes, estimateMemory } = onnxruntimeDeclaration;
    expect(estimateCacheBytes(cell(), shape)).toBe(0);
    // 4.5 bits per weight in groups of 32 with float32 scales: 5 bits; 85 M in blocks, 40 M in the head.
    const weights = 12 * (3 + 1 + 4 + 4) * 768 * 768 + 52096 * 768;
    expect(estimateCacheBytes(cell({ precision: 'w4' }), shape)).toBe(weights / 2 + (weights / 32) * 4);
    expect(estimateMemory(cell(), shape).kvCacheBytes).toBe(4 * 128 * 12 * 2 * 768 * 4);
    const half = cell({}, { kvCacheFormat: 'float16' });
    expect(estimateMemory(half, shape).kvCacheBytes).toBe(4 * 128 * 12 * 2 * 768 * 2);
  });
});

describe('eventRuns', () => {
  it('joins consecutive steps', () => {
    expect(eventRuns([0, 3, 4, 5])).toEqual([
      { firstStep: 0, steps: 1, tokensPerStep: 1 },
      { firstStep: 3, steps: 3, tokensPerStep: 1 },
    ]);
    expect(eventRuns([])).toEqual([]);
  });
});
