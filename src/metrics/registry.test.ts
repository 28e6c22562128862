import { describe, expect, it } from 'vitest';
import { BASE_CELL } from '../../test/fixtures/synthetic-journal.ts';
import { llamaBenchName } from './llama-bench.ts';
import { METRICS } from './registry.ts';

describe('registry', () => {
  it('names every metric once, in kebab case, with all of its declaration', () => {
    const ids = METRICS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const metric of METRICS) {
      expect(metric.id).toMatch(/^[a-z][a-z0-9-]*$/);
      for (const text of [
        ...Object.values(metric.title),
        ...Object.values(metric.definition),
        metric.formula,
        metric.source,
        metric.undefinedWhen,
      ]) {
        expect(text.length).toBeGreaterThan(1);
      }
    }
    expect(METRICS.filter(({ main }) => main).map(({ id }) => id)).toEqual([
      'throughput',
      'ttft',
      'tpot',
      'load-time',
      'peak-memory',
      'roofline-share',
    ]);
  });

  it("names tests as llama-bench's users know them", () => {
    expect(llamaBenchName({ ...BASE_CELL, inputTokens: 512 }, 'pp')).toBe('pp512');
    expect(llamaBenchName({ ...BASE_CELL, inputTokens: 512, depthTokens: 4096 }, 'pp')).toBe('pp512 @ d4096');
    expect(llamaBenchName({ ...BASE_CELL, inputTokens: 1, outputTokens: 128 }, 'tg')).toBe('tg128 @ d1');
  });
});
