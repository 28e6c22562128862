/** Values of a run stay where its engines got options since: they were lost to reports, and measured again on resuming. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { reportInput } from '../../src/cli/reports.ts';
import type { EngineDeclaration } from '../../src/engines/declaration.ts';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { testHost } from '../../src/host/test-host.ts';
import { readJournal } from '../../src/journal/read.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import { ensureSyntheticCheckpoint } from '../../src/models/synthetic/ensure.ts';
import { buildReport } from '../../src/report/build.ts';
import { runStudy } from '../../src/run/run-study.ts';

const STUDY = `
name: newer-options
text: false
models: [tiny]
engines: [{ id: sim, precisions: [fp32] }]
axes: { batch: [1, 2], inputTokens: 4, outputTokens: 8 }
rounds: { minimum: 2, maximum: 2, confirm: 0 }
repeats: { minimum: 1, maximum: 1, window: 1ms }
correctness: { check: false }
`;

const { noiseScale: _, ...fewer } = simDeclaration.options.shape as Record<string, z.ZodType>;
const earlier: EngineDeclaration = { ...simDeclaration, options: z.strictObject(fewer) };

it('a run of an engine with fewer options is reported, and gone on with, by one that has more', async () => {
  const host = testHost();
  ensureSyntheticCheckpoint(host, 'tiny', 0, 'F32');
  const run = async (declaration: EngineDeclaration) => {
    await runStudy(
      host,
      {
        studyText: STUDY,
        studyName: 'newer-options.yaml',
        declarations: [declaration],
        hayasaVersion: '0.0.0-test',
        out: '/runs/one',
        budget_ms: undefined,
      },
      () => undefined,
      new AbortController().signal,
    );
    const { records } = readJournal(host.files, '/runs/one/journal.ndjson');
    return records.filter(({ kind }) => kind === 'repeat').length;
  };
  expect(await run(earlier)).toBe(4);
  const { rows } = buildReport(reportInput(host, runFolder('/runs/one'))).table;
  expect(rows.map(({ launches }) => launches)).toEqual([2, 2]);
  expect(await run(simDeclaration)).toBe(4);
});
