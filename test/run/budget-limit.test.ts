/**
 * A budget is kept to 5 %, whatever takes longer than was expected: what has begun is ended shortly after it, is no failure,
 * and what was measured before stays.
 */
import { describe, expect, it } from 'vitest';
import { reportInput } from '../../src/cli/reports.ts';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { testHost } from '../../src/host/test-host.ts';
import { readJournal } from '../../src/journal/read.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import { ensureSyntheticCheckpoint } from '../../src/models/synthetic/ensure.ts';
import { buildReport } from '../../src/report/build.ts';
import { runStudy } from '../../src/run/run-study.ts';

/** A generation takes 50 s: a hundred steps, before which the first token takes no time. The plan knows nothing of that. */
const STUDY = `
name: longer-than-expected
text: false
models: [tiny]
engines: [{ id: sim, precisions: [fp32], options: { step_ns: 0, sequence_ns: 500000000, prefill_ns: 0, load_ns: 0 } }]
axes: { batch: 1, inputTokens: 4, outputTokens: 101, stop: natural }
rounds: { minimum: 1, maximum: 5, confirm: 0 }
repeats: { minimum: 4, maximum: 4, window: 1ms }
correctness: { check: false }
warmUp: { maximum: 1, tokens: 1 }
`;

/** Runs it on a virtual clock, once for each budget. */
async function run(...budgets_ms: readonly number[]) {
  const host = testHost();
  ensureSyntheticCheckpoint(host, 'tiny', 0, 'F32');
  const outcomes: string[] = [];
  for (const budget_ms of budgets_ms) {
    const { outcome, failures } = await runStudy(
      host,
      {
        studyText: STUDY,
        studyName: 'longer-than-expected.yaml',
        declarations: [simDeclaration],
        hayasaVersion: '0.0.0-test',
        out: '/runs/one',
        budget_ms,
      },
      () => undefined,
      new AbortController().signal,
    );
    outcomes.push(`${outcome}, ${failures} failures`);
  }
  const { records } = readJournal(host.files, '/runs/one/journal.ndjson');
  const seconds = records.flatMap((record) => (record.kind === 'run-ended' ? [record.elapsed_ns / 1e9] : []));
  const repeats = records.filter(({ kind }) => kind === 'repeat').length;
  const report = buildReport(reportInput(host, runFolder('/runs/one')));
  return { outcomes, seconds, repeats, throughput: report.table.rows[0]?.values['throughput'] };
}

describe('a budget', () => {
  it('ends a generation that takes longer than was expected and keeps the repeats before it: a run took three times its budget', async () => {
    // The third repeat is ended at its first step after 122.4 s.
    const { outcomes, seconds, repeats, throughput } = await run(120_000);
    expect(seconds).toEqual([122.5]);
    expect(repeats).toBe(2);
    expect(outcomes).toEqual(['budget, 0 failures']);
    expect(throughput).toMatchObject({ kind: 'value', value: { mean: 101 / 50 } });
  });

  it('ends the first generation too, which leaves no value, and goes on with more time', async () => {
    const first = await run(30_000);
    expect(first).toMatchObject({ seconds: [31], repeats: 0, outcomes: ['budget, 0 failures'] });
    expect(first.throughput?.kind).toBe('missing');
    const both = await run(30_000, 1_100_000);
    expect(both.outcomes).toEqual(['budget, 0 failures', 'complete, 0 failures']);
    expect(both).toMatchObject({ seconds: [31, 1000], repeats: 20 });
    expect(both.throughput).toMatchObject({ kind: 'value', value: { mean: 101 / 50 } });
  });
});
