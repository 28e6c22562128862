import { expect, it } from 'vitest';
import { reportInput } from '../../src/cli/reports.ts';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import { testHost } from '../../src/host/test-host.ts';
import { readJournal } from '../../src/journal/read.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import { buildReport } from '../../src/report/build.ts';
import { runStudy } from '../../src/run/run-study.ts';

/** The reference is ten times as slow as the cell: it alone would take the whole budget. */
const STUDY = `
name: slow-reference
text: false
models: [tiny]
engines: [{ id: sim, precisions: [w4], options: { step_ns: 0, sequence_ns: 15000000000, prefill_ns: 0 } }]
axes: { batch: 1, inputTokens: 4, outputTokens: 6 }
rounds: { minimum: 1, maximum: 1, confirm: 0 }
repeats: { minimum: 1, maximum: 1, window: 1ms }
correctness: { engine: sim, options: { step_ns: 0, sequence_ns: 150000000000, prefill_ns: 0 } }
warmUp: { maximum: 1, tokens: 1 }
`;

it('gives up a reference that would take more than half of the budget, says so, blames no engine, and measures', async () => {
  const host = testHost();
  const { outcome } = await runStudy(
    host,
    {
      studyText: STUDY,
      studyName: 'slow-reference.yaml',
      declarations: ENGINE_DECLARATIONS,
      hayasaVersion: '0.0.0-test',
      out: '/runs/one',
      budget_ms: 300_000,
    },
    () => undefined,
    new AbortController().signal,
  );
  const { records } = readJournal(host.files, '/runs/one/journal.ndjson');
  expect(records.filter(({ kind }) => kind === 'failure')).toEqual([]);
  const reason = 'references get half of the budget that was left, 150 s, and that was used up';
  expect(records.filter(({ kind }) => kind === 'reference-left-out')).toMatchObject([
    { kind: 'reference-left-out', model: 'tiny', reason: { en: reason } },
  ]);
  const report = buildReport(reportInput(host, runFolder('/runs/one')));
  expect(report.failures).toEqual([]);
  expect(report.caveats.filter(({ id }) => id === 'reference-left-out')).toMatchObject([
    {
      severity: 'note',
      text: { en: `Outputs of tiny were not all compared with a reference: ${reason}.` },
    },
  ]);
  expect(records.filter(({ kind }) => kind === 'repeat')).toHaveLength(1);
  expect(outcome).toBe('complete');
});
