/** The report of a large journal is made on two threads, by compiled code: the same report, and the same errors. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportInput } from '../src/cli/reports.ts';
import type { inputOnTwoThreads } from '../src/cli/two-threads/input.ts';
import { realFiles } from '../src/host/files.ts';
import type { TestHost } from '../src/host/test-host.ts';
import { lineByLine, type ReadRecord } from '../src/journal/packed-repeats.ts';
import { readPackedJournal } from '../src/journal/read.ts';
import { runFolder } from '../src/journal/run-folder.ts';
import { buildReport } from '../src/report/build.ts';
import { FOLDER, simulatedRun } from './verdicts/sim-study.ts';

const STUDY = `
name: simulated
models: [tiny]
engines:
  - {id: sim, label: one, options: {noise: white}}
  - {id: sim, label: two, options: {noise: white, noiseSeed: 1, step_ns: 9000000}}
axes: {batch: [1, 2, 4]}
defaults: {inputTokens: 20, outputTokens: 5}
rounds: {minimum: 3, maximum: 3, confirm: 2}
repeats: {minimum: 4, maximum: 4, window: 1ms}
correctness: {check: false}
claims:
  - {id: faster, claim: two is faster, kind: ratio, of: {engine: two}, to: {engine: one}, atLeast: 1.02}
`;

const folder = mkdtempSync(join(tmpdir(), 'hayasa-threads-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const files = realFiles();
let host: TestHost;
let text = '';
let onTwoThreads: typeof inputOnTwoThreads;
beforeAll(async () => {
  host = await simulatedRun(STUDY);
  text = host.files.readText(runFolder(FOLDER).journal);
  const compiled = new URL('../dist/src/cli/two-threads/input.js', import.meta.url).href;
  ({ inputOnTwoThreads: onTwoThreads } = (await import(compiled)) as {
    readonly inputOnTwoThreads: typeof inputOnTwoThreads;
  });
});

const inputOf = (records: readonly ReadRecord[]) => reportInput(host, runFolder(FOLDER), records);

function written(journal: string): string {
  const path = join(folder, 'journal.ndjson');
  files.writeText(path, journal);
  return path;
}

describe('a report on two threads', () => {
  it('is that of one', async () => {
    const path = written(text);
    const { records, summaries, ...rest } = await onTwoThreads(files, path, inputOf);
    expect(lineByLine(records)).toEqual(lineByLine(readPackedJournal(files, path).records));
    expect(summaries?.size).toBe(6);
    expect(buildReport({ ...rest, records, ...(summaries === undefined ? {} : { summaries }) })).toEqual(
      buildReport(inputOf(readPackedJournal(files, path).records)),
    );
  });

  it('names the line of damage, whichever thread finds it', async () => {
    const lines = text.split('\n');
    for (const index of [3, lines.length - 5]) {
      const damaged = lines.with(index, '{"kind":"repeat"}').join('\n');
      await expect(onTwoThreads(files, written(damaged), inputOf)).rejects.toThrow(`line ${index + 1}:`);
    }
  });

  it('reads a journal of an earlier version', async () => {
    const path = written(text.replace('"journal":2', '"journal":1'));
    const { records } = await onTwoThreads(files, path, inputOf);
    expect(lineByLine(records)).toEqual(lineByLine(readPackedJournal(files, path).records));
  });
});
