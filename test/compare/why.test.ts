/** `hayasa why`: exact work, factors and kernels, and what a reader sees. */
import { beforeAll, describe, expect, it } from 'vitest';
import { whyCommand } from '../../src/cli/commands/why.ts';
import { testTerminal } from '../../src/cli/ui/test-terminal.ts';
import { explanationText } from '../../src/cli/why/explanation-text.ts';
import type { TestHost } from '../../src/host/test-host.ts';
import { same, sayEnglish, sayIn } from '../../src/kernel/language.ts';
import { missing, present, presentValue } from '../../src/kernel/maybe.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { explainDifference } from '../../src/why/build.ts';
import type { Explanation } from '../../src/why/model.ts';
import { BASE_CELL, syntheticJournal } from '../fixtures/synthetic-journal.ts';
import { INPUT, reportCell } from '../fixtures/synthetic-report.ts';
import { hostWithRuns, runCommand } from './sim-runs.ts';

const study = `
name: simulated
models: [tiny]
engines:
  - { id: sim, precisions: [fp32, w8], options: { step_ns: 10000000, sequence_ns: 500000 } }
axes: { batch: [1, 2], inputTokens: 8, outputTokens: 5 }
rounds: { minimum: 3, maximum: 3, confirm: 0 }
repeats: { minimum: 1, maximum: 1, window: 1ms }
`;

/** fp32 and w8 on a machine of 80 GB/s and 200 GFLOP/s, with a decode step of 10 and 4 ms. */
function synthetic(): ReportInput {
  const cells = [
    { cell: { ...BASE_CELL, precision: 'fp32' as const }, prefill_ns: 100_000, step_ns: 10_000_000 },
    { cell: { ...BASE_CELL, precision: 'w8' as const }, prefill_ns: 90_000, step_ns: 4_000_000 },
  ];
  return {
    ...INPUT,
    cells: cells.map(({ cell }) => reportCell(cell)),
    records: syntheticJournal({
      cells,
      rounds: 5,
      repeats: 2,
      factor: (round, index) => 1 + 0.001 * ((round * 3 + index) % 4),
      roofs: { bytesPerSecond: 80e9, flops: 200e9 },
    }),
  };
}

const METHOD = 'a profiler';
const profileA = present({
  steps: 4,
  elapsed_ns: 44_000_000,
  operators: [
    { name: 'MatMul', calls: 196, time_ns: 38_000_000 },
    { name: 'GroupQueryAttention', calls: 48, time_ns: 2_000_000 },
    { name: 'Gather', calls: 8, time_ns: 40_000 },
  ],
  method: METHOD,
});
const profileB = present({
  steps: 4,
  elapsed_ns: 26_000_000,
  operators: [
    { name: 'MatMulNBits', calls: 196, time_ns: 19_500_000 },
    { name: 'GroupQueryAttention', calls: 48, time_ns: 2_100_000 },
    { name: 'Gather', calls: 8, time_ns: 41_000 },
  ],
  method: METHOD,
});

let host: TestHost;
beforeAll(async () => {
  host = await hostWithRuns({ one: study });
});
const why = (a: string, b: string, given: Readonly<Record<string, string | true>> = {}) =>
  runCommand(whyCommand, host, ['runs/one', a, b], given);

const explained = (): Explanation => {
  const input = synthetic();
  const [a, b] = input.cells;
  if (a === undefined || b === undefined) throw new Error('two cells');
  return explainDifference({ input, a, b, profileA, profileB, margin: 0.02 });
};

describe('explainDifference', () => {
  it('splits the speed of a step into work and use, exactly', () => {
    const { decode, comparison } = explained();
    const [a, b] = [presentValue(decode.a)!, presentValue(decode.b)!];
    const factors = presentValue(decode.factors)!;
    expect(a.step_s).toBeCloseTo(0.010012, 9);
    expect(a.totalBytes).toBe(a.weightBytes + a.kvBytes);
    // A step of one sequence is bound by memory: bytes over 80 GB/s.
    expect(a.roof).toEqual({ kind: 'value', value: { least_s: a.totalBytes / 80e9, bound: 'memory' } });
    expect(presentValue(a.roofShare)).toBeCloseTo(a.totalBytes / 80e9 / a.step_s, 12);
    // The geometric mean of the blocks' ratios; all but the ratio of the means.
    expect(factors.speed).toBeCloseTo(a.step_s / b.step_s, 5);
    const speed = presentValue(decode.speed)!;
    expect(speed).toMatchObject({ mean: factors.speed, launches: 5 });
    const [whole, use] = [speed.interval, factors.useInterval].map((one) => presentValue(one)!);
    expect([use!.low, use!.high].map((one) => one * factors.work)).toEqual([
      expect.closeTo(whole!.low, 12),
      expect.closeTo(whole!.high, 12),
    ]);
    expect(presentValue(a.step.interval)!.low).toBeLessThan(a.step_s);
    expect(factors.work).toBeCloseTo(a.totalBytes / b.totalBytes, 12);
    expect(factors.work * factors.use).toBeCloseTo(factors.speed, 12);
    expect(comparison.outcome).toBe('faster');
  });

  it('sets kernels side by side, the largest difference first, and counts what no kernel takes', () => {
    const { operators, idle, caveats } = explained();
    expect(operators.map(({ name }) => name)).toEqual([
      'MatMul',
      'MatMulNBits',
      'GroupQueryAttention',
      'Gather',
    ]);
    expect(operators[0]).toMatchObject({ a: { callsPerStep: 49, step_ns: 9_500_000 }, b: undefined });
    expect(presentValue(idle.a)).toBeCloseTo(1 - 40.04 / 44, 12);
    // 6.5 ms under the profiler, 4 ms when measured.
    expect(caveats.map(({ id }) => id)).toContain('slowed-by-profiler');
  });

  it('is printed in Japanese', async () => {
    const text = explanationText(explained(), testTerminal().colors, sayIn('ja'));
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/compare/why-ja.txt');
  });

  it('is printed', async () => {
    const text = explanationText(explained(), testTerminal().colors, sayEnglish);
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/compare/why.txt');
    const input = synthetic();
    const [a, b] = input.cells;
    const bare = explainDifference({
      input: { ...input, records: input.records.filter(({ kind }) => kind !== 'roofs') },
      a: a!,
      b: b!,
      profileA: missing(same('not asked for')),
      profileB: missing(same('not asked for')),
      margin: 0.02,
    });
    await expect(`${explanationText(bare, testTerminal().colors, sayEnglish)}\n`).toMatchFileSnapshot(
      '../golden/compare/why-bare.txt',
    );
  });
});

describe('hayasa why', () => {
  it('profiles both cells in launches of their own, which leave the run as it was', async () => {
    const before = host.files.readText('/home/test/runs/one/journal.ndjson');
    const { code, out } = await why('precision=fp32,batch=2', 'precision=w8,batch=2', { json: true });
    expect(code).toBe(0);
    const { operators, idle } = JSON.parse(out) as Explanation;
    // 10 ms of weights in 32 bit, a quarter of it in 8 bit; half a millisecond for each of two sequences.
    expect(operators).toMatchObject([
      { name: 'Weights', a: { step_ns: 10_000_000 }, b: { step_ns: 2_500_000 } },
      { name: 'Sequences', a: { step_ns: 1_000_000 }, b: { step_ns: 1_000_000 } },
    ]);
    expect([idle.a, idle.b].map(presentValue)).toEqual([0, 0]);
    expect(host.files.readText('/home/test/runs/one/journal.ndjson')).toBe(before);
  });

  it('launches nothing where only the record is wanted', async () => {
    const { out } = await why('precision=fp32,batch=2', 'precision=w8,batch=2', {
      json: true,
      recorded: true,
    });
    const explanation = JSON.parse(out) as Explanation;
    expect(explanation.a.profile).toEqual({ kind: 'missing', reason: 'not asked for' });
    expect(explanation.decode.a).toMatchObject({ kind: 'value', value: { step_s: 0.011 } });
    // A run of simulated engines measures no roofs.
    expect(explanation.decode.factors).toMatchObject({ kind: 'missing' });
  });

  it('wants two different cells', async () => {
    await expect(why('precision=fp32,batch=1', 'precision=fp32,batch=1')).rejects.toMatchObject({
      problems: [{ message: 'are the same cell' }],
    });
  });
});
