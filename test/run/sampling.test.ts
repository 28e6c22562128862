/** Sampled cells beside greedy ones through the simulated engine: which cells there are, how they pair, what they cost. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/model.ts';
import { simulatedReport } from '../verdicts/sim-study.ts';

const STUDY = `
name: sampling
models: [tiny]
engines: [{ id: sim, precisions: [fp32] }]
axes: { batch: 4, inputTokens: 8, outputTokens: 5, temperature: [0, 0.8], topP: [1, 0.9] }
defaults: { topK: 40, samplingSeed: 3 }
rounds: { minimum: 2, maximum: 2, confirm: 0 }
repeats: { minimum: 1, maximum: 1, window: 1ms }
correctness: { engine: sim }
seed: 0
`;

describe('a study of sampling', () => {
  let report: Report;
  beforeAll(async () => {
    report = await simulatedReport(STUDY);
  });
  const valuesOf = (metric: string) =>
    report.table.rows.map(({ values }) => {
      const value = values[metric];
      return value?.kind === 'value' ? value.value.mean : value?.reason.en;
    });

  it('has one greedy cell, whatever the other settings, and names how each draws', () => {
    expect(report.table.rows.map(({ labels }) => labels['sampling']?.en)).toEqual([
      'greedy',
      'temperature 0.8, top-k 40, seed 3',
      'temperature 0.8, top-k 40, top-p 0.9, seed 3',
    ]);
  });

  it('says what drawing takes of a step, and what it costs in all', () => {
    // Four sequences at 0.5 ms; drawing takes a tenth of it in each of the five steps.
    const [greedy, plain, nucleus] = valuesOf('sampling-time');
    expect(greedy).toBe('greedy: nothing is drawn');
    expect(plain).toBeCloseTo(0.0002, 12);
    expect(nucleus).toBeCloseTo(0.0002, 12);
    const total_s = 0.0032 + 4 * 0.012;
    const [fast, drawn] = valuesOf('throughput');
    expect(fast).toBeCloseTo(20 / total_s, 9);
    expect(drawn).toBeCloseTo(20 / (total_s + 5 * 0.0002), 9);
    expect(report.table.metrics.find(({ id }) => id === 'sampling-time')?.shown).toBe(true);
  });

  it('compares drawn tokens with no reference, and lets no way of drawing compete with another', () => {
    expect(report.table.rows.map(({ agreement }) => agreement.kind)).toEqual([
      'equal-tokens',
      'not-checked',
      'not-checked',
    ]);
    expect(new Set(report.table.rows.map(({ settingKey }) => settingKey)).size).toBe(3);
  });
});
