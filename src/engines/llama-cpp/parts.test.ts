import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../axes/cell.ts';
import { testHost } from '../../host/test-host.ts';
import { presetOf } from '../../models/presets.ts';
import { klDivergence } from '../kl-divergence.ts';
import { adapter } from './adapter.ts';
import { llamaCppDeclaration } from './declaration.ts';
import { effectivePrecision } from './effective.ts';
import { eventRuns } from './event-runs.ts';
import { llamaCppOptions } from './options.ts';

const { shape } = presetOf('open-calm-small');

const cell = (changes: Partial<Cell> = {}): Cell => ({
  task: 'generate',
  model: 'small',
  modelHash: 'x',
  engine: 'llama-cpp',
  engineVersion: undefined,
  options: llamaCppOptions.parse({}),
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
});

describe('declaration', () => {
  it.each([
    [{ precision: 'nf4' }, 'llama.cpp has no nf4; use one of fp32, fp16, w8, w4'],
    [{ slots: 257 }, 'llama.cpp holds at most 256 sequences at once, not 257'],
    [
      { options: llamaCppOptions.parse({ kvCacheType: 'q8_0', flashAttention: 'off' }) },
      'kvCacheType q8_0 needs flashAttention on or auto',
    ],
  ] as const)('refuses %o', (changes, reason) => {
    expect(llamaCppDeclaration.supports(cell(changes), shape)).toMatchObject({
      kind: 'unsupported',
      reason: { en: reason },
    });
  });

  it('refuses block formats where rows do not divide', () => {
    const odd = { ...shape, hiddenSize: 72, headSize: 6 };
    expect(llamaCppDeclaration.supports(cell({ precision: 'w4' }), odd).kind).toBe('unsupported');
    expect(llamaCppDeclaration.supports(cell(), odd).kind).toBe('supported');
  });

  it('counts weights and a cache padded to 256 positions', () => {
    const { weightBytes, kvCacheBytes } = llamaCppDeclaration.estimateMemory(cell(), shape);
    expect(weightBytes).toBe(4 * 165_075_456);
    expect(kvCacheBytes).toBe(4 * 256 * 2 * 12 * 768 * 4);
    const halved = llamaCppDeclaration.estimateMemory(cell({ precision: 'fp16' }), shape);
    expect(halved.kvCacheBytes).toBe(kvCacheBytes / 2);
  });
});

describe('adapter', () => {
  it('says on another platform what is missing there', async () => {
    const host = testHost({ system: { platform: 'darwin', architecture: 'arm64' } });
    const health = await adapter.health(host);
    expect(health.kind).toBe('impossible');
    expect(health.kind === 'impossible' && health.reason.en).toContain('@node-llama-cpp/mac-arm64-metal');
  });
});

describe('effectivePrecision', () => {
  it('calls K-quants mixed', () => {
    expect(effectivePrecision('Q4_K - Medium', 'f16')).toEqual({
      weights: 'mixed',
      activations: 'int8',
      kvCache: 'float16',
      compute: 'int32',
    });
  });
});

describe('eventRuns', () => {
  it('covers exactly the steps that were added', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(60)), (steps) => {
        steps.sort((a, b) => a - b);
        const events = eventRuns();
        for (const step of steps) events.add(step);
        const covered = events
          .runs()
          .flatMap(({ firstStep, steps: length }) => Array.from({ length }, (_, i) => firstStep + i));
        expect(covered).toEqual(steps);
      }),
    );
  });
});

describe('klDivergence', () => {
  it('is the textbook value', () => {
    const p = Float32Array.of(Math.log(1), Math.log(3));
    const q = Float32Array.of(5, 5);
    expect(klDivergence(p, q)).toBeCloseTo(0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), 6);
  });

  it('is 0 for the same distribution, whatever is added to all logits, and never negative', () => {
    const logits = fc.array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(logits, logits, (a, b) => {
        const p = Float32Array.from(a);
        expect(
          klDivergence(
            p,
            p.map((value) => value + 4),
          ),
        ).toBeLessThan(1e-4);
        const q = Float32Array.from(a, (_, i) => b[i % b.length]!);
        expect(klDivergence(p, q)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
