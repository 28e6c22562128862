import { describe, expect, it } from 'vitest';
import type { Cell } from '../../axes/cell.ts';
import { presetOf } from '../../models/presets.ts';
import { openvinoDeclaration } from './declaration.ts';
import { openvinoOptions } from './options.ts';

const { shape } = presetOf('open-calm-small');

const cell = (changes: Partial<Cell> = {}): Cell => ({
  task: 'generate',
  model: 'small',
  modelHash: '0'.repeat(16),
  engine: 'openvino',
  engineVersion: undefined,
  options: openvinoOptions.parse({}),
  precision: 'fp32',
  device: 'cpu',
  threads: 2,
  inputTokens: 64,
  outputTokens: 60,
  depthTokens: 0,
  batch: 16,
  batching: 'static',
  slots: 4,
  stop: 'forced',
  promptLengths: 'equal',
  ...changes,
});

describe('groupSize of openvino', () => {
  const withGroups = (groupSize: number): Cell =>
    cell({ precision: 'w4', options: openvinoOptions.parse({ groupSize }) });

  it('makes fewer scales: 4 bits and one float32 for each group', () => {
    const weights = (groupSize: number): number =>
      openvinoDeclaration.estimateMemory(withGroups(groupSize), shape).weightBytes;
    const quantised = 12 * 12 * 768 ** 2 + 768 * 52_096;
    expect(weights(32) - weights(128)).toBe((quantised / 32 - quantised / 128) * 4);
  });

  it('must divide the rows of every weight', () => {
    const odd = { ...shape, hiddenSize: 800 };
    const support = openvinoDeclaration.supports(withGroups(64), odd);
    expect(support).toMatchObject({
      kind: 'unsupported',
      reason: { en: expect.stringContaining('groupSize 64') },
    });
    expect(openvinoDeclaration.supports(withGroups(32), odd).kind).toBe('supported');
    expect(() => openvinoOptions.parse({ groupSize: 48 })).toThrow();
  });
});

describe('continuous batching of openvino', () => {
  it('is supported without a depth', () => {
    const reason = (changes: Partial<Cell>): string => {
      const support = openvinoDeclaration.supports(cell({ batching: 'continuous', ...changes }), shape);
      return support.kind === 'unsupported' ? support.reason.en : 'supported';
    };
    expect(reason({})).toBe('supported');
    expect(reason({ depthTokens: 8 })).toContain('use depth 0 or batching static');
  });

  it('has a second model, whole blocks of cache with one to spare, and the graph as files', () => {
    const { estimateCacheBytes, estimateMemory } = openvinoDeclaration;
    const fixed = estimateMemory(cell(), shape);
    const continuous = estimateMemory(cell({ batching: 'continuous' }), shape);
    expect(continuous.weightBytes).toBe(2 * fixed.weightBytes);
    const bytesPerToken = 12 * 2 * 768 * 4;
    expect(fixed.kvCacheBytes).toBe(4 * 124 * bytesPerToken);
    expect(continuous.kvCacheBytes).toBe(4 * 5 * 32 * bytesPerToken);
    expect(estimateCacheBytes(cell(), shape)).toBe(0);
    const stored = (precision: Cell['precision']): number =>
      estimateCacheBytes(cell({ batching: 'continuous', precision }), shape);
    expect(stored('fp32')).toBe(fixed.weightBytes);
    expect(stored('bf16')).toBe(stored('fp32'));
    expect(stored('w4')).toBeLessThan(stored('w8'));
  });
});
