import { describe, expect, it } from 'vitest';
import {
  BASE_CELL,
  type SyntheticRun,
  syntheticJournal,
  syntheticSample,
} from '../../test/fixtures/synthetic-journal.ts';
import { INPUT, reportCell, wholeRun } from '../../test/fixtures/synthetic-report.ts';
import { type Cell, cellKey } from '../axes/cell.ts';
import type { ReadRecord } from '../journal/packed-repeats.ts';
import type { JournalRecord } from '../journal/records.ts';
import { same } from '../kernel/language.ts';
import { sequentialDesign } from '../stats/sequential.ts';
import { agreementText } from './agreement.ts';
import { buildReport } from './build.ts';
import type { ReportInput } from './input.ts';
import type { Winner } from './model.ts';
import { counted, formatNumber, formatShare } from './numbers.ts';

const alpha: Cell = BASE_CELL;
const beta: Cell = { ...BASE_CELL, engine: 'beta' };
const gamma: Cell = { ...BASE_CELL, engine: 'gamma' };

function input(run: SyntheticRun, extra: readonly JournalRecord[] = []): ReportInput {
  return {
    ...INPUT,
    cells: run.cells.map(({ cell }) => reportCell(cell)),
    records: [...syntheticJournal(run), ...extra],
  };
}

const two = (step_ns: readonly [number, number], change: Partial<SyntheticRun> = {}): SyntheticRun => ({
  cells: [
    { cell: alpha, prefill_ns: 1000, step_ns: step_ns[0] },
    { cell: beta, prefill_ns: 1000, step_ns: step_ns[1] },
  ],
  rounds: 5,
  repeats: 2,
  ...change,
});

const gate = (cell: Cell, equalPositions: number, positions: number): JournalRecord => ({
  kind: 'agreement',
  cellKey: cellKey(cell),
  launch: 'explore-r0-p0',
  method: 'equal-tokens',
  score: { equalPositions, positions },
  referenceDigest: 'r',
});

const winners = (from: ReportInput): readonly Winner[] => buildReport(from).answer.settings[0]?.winners ?? [];
const caveatIds = (from: ReportInput): string[] => buildReport(from).caveats.map(({ id }) => id);

describe('answer', () => {
  it('names the fastest with the paired ratio to the runner-up', () => {
    const [winner] = winners(input(two([10_000_000, 20_000_000])));
    expect(winner?.label).toBe('alpha fp32');
    expect(winner?.runnerUp?.label).toBe('beta fp32');
    // 5 tokens in 64 us + 4 steps.
    const ratio = winner?.runnerUp?.ratio;
    expect(ratio?.kind === 'value' && ratio.value.mean).toBeCloseTo(80.064 / 40.064, 9);
    expect(winner?.runnerUp?.outcome).toBe('faster');
    expect(winner?.confirmation).toEqual({
      kind: 'not-confirmed',
      reason: { en: 'it had no part in the fresh blocks', ja: '再測定のブロックに入っていない' },
    });
  });

  it('calls a lead within the noise undecided, and one within 2 % equal', () => {
    const noisy = two([10_000_000, 10_100_000], {
      factor: (round, index) => 1 + (index === 0 ? 0.2 : -0.2) * Math.cos(3 * round),
    });
    expect(winners(input(noisy))[0]?.runnerUp?.outcome).toBe('undecided');
    expect(winners(input(two([10_000_000, 10_100_000])))[0]?.runnerUp?.outcome).toBe('equivalent');
  });

  it('takes the figure from fresh blocks, and says where they overturn the choice', () => {
    // Alpha is lucky in the rounds and slow when measured again.
    const journal = input(two([10_000_000, 11_000_000], { confirm: { cells: [0, 1], blocks: 4 } }));
    const slowed = journal.records.map((record): ReadRecord => {
      if (record.kind !== 'repeat' || record.phase !== 'confirm' || record.cellKey !== cellKey(alpha))
        return record;
      const [sequence] = record.sample.sequences;
      const { sample } = record;
      const steps_ns = sample.steps_ns.map(
        (stamp) => sample.call.start_ns + 2 * (stamp - sample.call.start_ns),
      );
      return { ...record, sample: { ...sample, steps_ns, sequences: [sequence!] } };
    });
    const [confirmed] = winners(journal);
    expect(confirmed?.confirmation).toEqual({ kind: 'confirmed', blocks: 4 });
    expect(confirmed?.throughput.launches).toBe(4);
    const [overturned] = winners({ ...journal, records: slowed });
    expect(overturned?.confirmation).toEqual({ kind: 'overturned', blocks: 4 });
    const chosen = (from: ReportInput) => buildReport(from).choice?.places[0]?.choices[0];
    expect(chosen(journal)).toMatchObject({ outcome: 'fastest', options: [{ label: 'alpha fp32' }] });
    expect(chosen({ ...journal, records: slowed })).toMatchObject({
      outcome: 'fastest',
      options: [{ label: 'beta fp32' }],
      runnerUp: { label: 'alpha fp32' },
    });
    expect(overturned?.throughput.mean).toBeCloseTo((confirmed?.throughput.mean ?? 0) / 2, 6);
  });

  it('leaves out outputs that differ from fp32, and calls the report invalid there', () => {
    const from = input(two([10_000_000, 20_000_000]), [gate(alpha, 3, 5), gate(beta, 5, 5)]);
    expect(winners(from).map(({ label }) => label)).toEqual(['beta fp32', 'beta fp32']);
    const [first] = buildReport(from).caveats;
    expect(first).toMatchObject({ id: 'outputs-differ', severity: 'invalid' });
  });

  it('counts the worst launch of a cell in the gate', () => {
    const from = input(two([1_000_000, 2_000_000]), [
      gate(alpha, 5, 5),
      gate(alpha, 4, 5),
      gate(alpha, 5, 5),
    ]);
    expect(buildReport(from).table.rows[0]?.agreement).toEqual({
      kind: 'equal-tokens',
      equal: 4,
      positions: 5,
      nearTies: undefined,
    });
  });

  it('regression: an fp32 row that parted from the reference at a near tie was left out of the answer', () => {
    const tied = (gap_nats: number): ReportInput => {
      const part = gate(alpha, 3, 5);
      const differences = [{ sequence: 0, position: 3, gap_nats }];
      const run = two([10_000_000, 20_000_000]);
      return input(run, [part.kind === 'agreement' ? { ...part, differences } : part, gate(beta, 5, 5)]);
    };
    expect(winners(tied(0.0001)).map(({ label }) => label)).toEqual(['alpha fp32', 'alpha fp32']);
    expect(caveatIds(tied(0.0001))).not.toContain('outputs-differ');
    const [row] = buildReport(tied(0.0001)).table.rows;
    expect(row === undefined ? undefined : agreementText(row.agreement)).toEqual({
      en: 'equal up to near ties (3 of 5 tokens; 1 sequence parted)',
      ja: 'ほぼ同点を除き一致（5 トークン中 3、1 系列が分岐）',
    });
    expect(winners(tied(0.1)).map(({ label }) => label)).toEqual(['beta fp32', 'beta fp32']);
    expect(caveatIds(tied(0.1))).toContain('outputs-differ');
  });

  it('answers each setting of its own', () => {
    const long = { ...alpha, inputTokens: 256 };
    const run = two([1_000_000, 2_000_000]);
    const report = buildReport(
      input({ ...run, cells: [...run.cells, { cell: long, prefill_ns: 1, step_ns: 5 }] }),
    );
    expect(report.answer.settings.map(({ setting }) => setting.en)).toEqual([
      'tiny, 64 tokens in, 5 out',
      'tiny, 256 tokens in, 5 out',
    ]);
    expect(report.answer.sentences[0]?.en).toContain('with tiny, 64 tokens in, 5 out, ');
    expect(report.answer.sentences).toHaveLength(2);
  });

  it('says nothing of the fastest where nothing was measured', () => {
    expect(buildReport({ ...INPUT, cells: [reportCell(alpha)] }).answer.sentences).toEqual([
      {
        en: 'Nothing was measured, so there is no answer.',
        ja: '何も測定されていないので、答えはありません。',
      },
    ]);
  });
});

describe('caveats', () => {
  it('name a drift of the machine, with its size', () => {
    const drifting = input(two([10_000_000, 20_000_000], { factor: (round) => 1.1 ** round }));
    const drift = buildReport(drifting).caveats.find(({ id }) => id === 'drift');
    // Throughput falls by 1.1^4 over four rounds.
    expect(drift?.text.en).toContain(`${formatShare(1 - 1.1 ** -4)} lower`);
    expect(caveatIds(input(two([10_000_000, 20_000_000])))).not.toContain('drift');
  });

  it('count disturbed launches and keep them', () => {
    const loud = input(two([1e6, 2e6], { foreignCpuShare: (round) => (round === 0 ? 0.5 : 0) }));
    expect(buildReport(loud).caveats.find(({ id }) => id === 'disturbed')?.text.en).toContain(
      '2 of 10 launches',
    );
    expect(buildReport(loud).table.rows.map(({ launches }) => launches)).toEqual([5, 5]);
  });

  it('name cells with too few launches, and cells without any', () => {
    expect(caveatIds(input(two([1e6, 2e6], { rounds: 2 })))).toContain('few-launches');
    const from = input(two([1e6, 2e6]));
    expect(caveatIds({ ...from, cells: [...from.cells, reportCell(gamma)] })).toContain('not-measured');
  });

  it('say how many cells stopped early, and by what looks', () => {
    const run = two([1e6, 2e6], { factor: (round) => 1 + (round % 3) / 100 });
    const settled: JournalRecord[] = [
      { kind: 'cell-settled', cellKey: cellKey(beta), launches: 5, why: 'slower', than: cellKey(alpha) },
      { kind: 'cell-settled', cellKey: cellKey(alpha), launches: 5, why: 'rivals-decided' },
    ];
    expect(caveatIds(input(run, settled))).not.toContain('stopped-early');
    const from = input(run, settled);
    const looked = { ...from, study: { ...from.study, looks: sequentialDesign(3, 8) } };
    const report = buildReport(looked);
    expect(report.caveats.find(({ id }) => id === 'stopped-early')?.text.en).toBe(
      'Cells were looked at after each of 3 to 8 launches. 2 cells had enough before the last look (1 slower than a rival, 1 with nothing left to decide). Intervals are at the level of their look, so that they hold whenever a cell stops.',
    );
    const value = report.table.rows[0]?.values['throughput'];
    expect(value?.kind === 'value' && value.value.method?.kind).toBe('repeated-t');
    const ratio = winners(looked)[0]?.runnerUp?.ratio;
    expect(ratio?.kind === 'value' && ratio.value.interval.kind).toBe('value');
  });

  it('name a third-party build once, with the engines that it was measured in', () => {
    const from = input(two([10_000_000, 20_000_000]));
    const records = from.records.map((record) => {
      if (record.kind !== 'launch-loaded') return record;
      const settings = { thirdPartyBuild: 'some-cpu 1.0' };
      return { ...record, effective: { ...record.effective, settings } };
    });
    const named = buildReport({ ...from, records }).caveats.filter(({ id }) => id === 'third-party-build');
    expect(named.map(({ text }) => text.en)).toEqual([
      "alpha, beta: measured in some-cpu 1.0, a third-party build, not its makers'.",
    ]);
    expect(caveatIds(from)).not.toContain('third-party-build');
  });

  it('say what differs between requested and effective', () => {
    const from = input(two([1e6, 2e6]));
    const records = from.records.map((record): ReadRecord => {
      if (record.kind !== 'launch-loaded' || !record.launch.endsWith('p1')) return record;
      const precision = { ...record.effective.precision, kvCache: 'float16' };
      return { ...record, effective: { ...record.effective, threads: 1, precision } };
    });
    const texts = buildReport({ ...from, records }).caveats.filter(({ id }) => id.startsWith('effective-'));
    expect(texts.map(({ text }) => text.en)).toEqual([
      'beta fp32: 2 threads were requested, 1 are effective.',
      "beta fp32: float32 weights, float32 activations, float16 KV cache, where this engine's default is float32.",
    ]);
  });

  it('say where the harness itself was too busy, and where a warm-up never settled', () => {
    const from = input(two([1e6, 2e6]), [
      {
        kind: 'warmed-up',
        launch: 'explore-r0-p0',
        cellKey: cellKey(alpha),
        generations: 5,
        steady: false,
        durations_ns: [9, 1, 9, 1, 9],
      },
      {
        kind: 'repeat',
        launch: 'explore-r0-p0',
        phase: 'explore',
        cellKey: cellKey(alpha),
        repeat: 2,
        sample: syntheticSample(alpha, 0, 1e9, 1e6),
        noise: { window_ns: 2e9, harnessCpuShare: 0.02 },
      },
    ]);
    expect(caveatIds(from)).toEqual(expect.arrayContaining(['harness-load', 'warm-up']));
  });
});

describe('disturbed repeats', () => {
  it('are counted, and what measuring them again changed is said', () => {
    const launch = { launch: 'explore-r0-p0', phase: 'explore', cellKey: cellKey(alpha) } as const;
    const repeat = (index: number, step_ns: number, marks: object) =>
      ({
        kind: 'repeat',
        ...launch,
        repeat: index,
        sample: syntheticSample(alpha, 0, 1e9, step_ns),
        ...marks,
      }) as const;
    const noise = { window_ns: 2e9, foreignCpuShare: 0.5 };
    const from = input(two([1e6, 2e6]), [
      repeat(2, 9e6, { noise, disturbedBy: ['foreign-cpu'] }),
      repeat(3, 1e6, { noise: { window_ns: 2e9, foreignCpuShare: 0 }, remeasures: 2 }),
      repeat(4, 1e6, { noise, disturbedBy: ['foreign-cpu'] }),
    ]);
    const { caveats } = buildReport(from);
    expect(caveats.find(({ id }) => id === 'disturbed-repeats')?.text.en).toMatchInlineSnapshot(
      `"2 of 23 repeats were disturbed (other programs). 1 is set aside, because the same launch measured it again undisturbed: with it the throughput of alpha fp32 at batch 1 would be 2.2 % lower, that of any other cell would change less. 1 stayed disturbed and counts. All of them are in the journal, with their marks."`,
    );
  });
});

it('says nothing of what the harness does between repeats', () => {
  const from = input(two([1e6, 2e6]), [
    {
      kind: 'cell-measured',
      launch: 'explore-r0-p0',
      cellKey: cellKey(alpha),
      noise: { window_ns: 2e9, harnessCpuShare: 0.024 },
      memoryMissing: same('no /proc'),
    },
  ]);
  expect(caveatIds(from)).not.toContain('harness-load');
});

describe('failures', () => {
  it('are grouped by cause and message, with the cells by name and the end of stderr', () => {
    expect(buildReport(wholeRun()).failures).toEqual([
      {
        cause: 'out-of-memory',
        message: same('the KV cache did not fit'),
        hint: same('use a smaller batch'),
        stderrTail: 'ggml_alloc: failed\nabort ``` here',
        cells: ['beta w8, batch 16'],
        count: 5,
      },
    ]);
  });

  it('leave a dropped cell without a row and with its reason', () => {
    const from = input(two([1e6, 2e6]), [
      { kind: 'cell-dropped', cellKey: cellKey(gamma), reason: same('no time') },
    ]);
    const report = buildReport({ ...from, cells: [...from.cells, reportCell(gamma)] });
    expect(report.dropped).toEqual([{ reason: same('no time'), cells: ['gamma fp32'] }]);
    expect(report.table.rows).toHaveLength(2);
  });
});

describe('numbers', () => {
  it('look the same in every locale', () => {
    expect(formatNumber(1234567.891, 1)).toBe('1,234,567.9');
    expect(formatNumber(999, 0)).toBe('999');
    expect(formatNumber(-0.04, 1)).toBe('0.0');
    expect(formatNumber(-1234.5, 1)).toBe('-1,234.5');
    expect(formatShare(0.1234)).toBe('12.3 %');
    expect([counted(1, 'launch', 'launches'), counted(2000, 'launch', 'launches')]).toEqual([
      '1 launch',
      '2,000 launches',
    ]);
  });
});
