/** A run as a result of record: what is written, that it can be made again byte for byte, and what does not stand in it. */

import { beforeAll, describe, expect, it } from 'vitest';
import { unpackRecord } from '../../src/cli/record/unpack.ts';
import { checkRecord, writeRecord } from '../../src/cli/record/write.ts';
import { reportInput, writeReports } from '../../src/cli/reports.ts';
import { testTerminal } from '../../src/cli/ui/test-terminal.ts';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { type TestHost, testHost } from '../../src/host/test-host.ts';
import { formatRecord } from '../../src/journal/append.ts';
import { compressedJournal, readRunJournal } from '../../src/journal/compressed.ts';
import { lineByLine } from '../../src/journal/packed-repeats.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import { same } from '../../src/kernel/language.ts';
import { buildReport } from '../../src/report/build.ts';
import { runStudy } from '../../src/run/run-study.ts';
import { FOLDER, simulatedRun } from '../verdicts/sim-study.ts';

const STUDY = `
name: simulated
description: Which conclusions hold here?
models: [tiny]
engines: [{id: sim, label: fast, precisions: [fp32, w8]}, {id: sim, label: slow, options: {step_ns: 20000000}}, tensorrt-llm]
defaults: {inputTokens: 20, outputTokens: 5}
experiments:
  - {id: batch, title: Throughput over batch size, figure: batch, axes: {batch: [1, 4]}}
rounds: {minimum: 3, maximum: 3, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
correctness: {check: false}
claims:
  - {id: faster, claim: fast is far faster than slow, kind: ratio, for: {precision: fp32}, of: {engine: fast}, to: {engine: slow}, atLeast: 1.5}
  - {id: slower, claim: fast is slower, kind: ratio, for: {precision: fp32}, of: {engine: fast}, to: {engine: slow}, atMost: 0.9, note: the margin is ours}
  - {id: carried, claim: throughput falls with the batch, device: gpu, kind: trend, for: {engine: fast, precision: fp32}, along: batch, atMost: 0.9}
  - {id: why, claim: it is the steps, role: explanation, kind: ratio, for: {precision: fp32}, of: {engine: fast}, to: {engine: slow}, atLeast: 1.1}
  - {id: absent, claim: TensorRT-LLM is the fastest, kind: ranking, first: {engine: tensorrt-llm}}
`;

const PRIVATE = ['bench-07', 'alice', '/home', '/srv', '/runs'];
const system = {
  cpuModel: 'Example(R) 9000 CPU @ 3.00GHz',
  hostName: 'bench-07',
  userName: 'alice',
  homeFolder: '/home/alice',
  currentFolder: '/home/alice/hayasa',
  cacheFolder: '/srv/alice/cache',
};
const OUT = '/home/alice/hayasa/results/2026-example-9000-3.00ghz';

let host: TestHost;
beforeAll(async () => {
  host = await simulatedRun(STUDY, testHost({ system }));
  // What engines print names paths, users and hosts.
  const failure: JournalRecord = {
    kind: 'failure',
    launch: 'reference',
    failure: {
      cause: 'crash',
      message: 'cannot open /srv/alice/cache/gguf/x.gguf',
      stderrTail: 'File "/home/alice/env/lib/torch.py", line 1\nalice@bench-07: killed',
    },
  };
  host.files.openAppend(runFolder(FOLDER).journal).append(formatRecord(failure));
  await writeRecord(host, runFolder(FOLDER), undefined);
});

const read = (name: string): string => host.files.readText(`${OUT}/${name}`);
const names = (): string[] => host.files.list(OUT).map((path) => path.split('/').at(-1) ?? '');

describe('hayasa record', () => {
  it('writes the journal, study, conditions, report, figures, data and reading, named by year and processor', () => {
    expect(names()).toEqual([
      'batch.svg',
      'environment.json',
      'journal.ndjson.gz',
      'reading.md',
      'report.csv',
      'report.json',
      'report.md',
      'study.json',
      'study.yaml',
    ]);
  });

  it('says what holds, what does not, and what needs judgement', async () => {
    await expect(read('reading.md')).toMatchFileSnapshot('../golden/record/reading.md');
  });

  it('holds neither host name, user name nor a path of the machine', () => {
    const journal = JSON.stringify(lineByLine(readRunJournal(host.files, runFolder(OUT))));
    const texts = names()
      .filter((name) => !name.endsWith('.gz'))
      .map(read);
    for (const text of [journal, ...texts]) {
      for (const word of PRIVATE) expect(text).not.toContain(word);
    }
    expect(journal).toContain('<path>/x.gguf');
    expect(read('report.md')).toContain('torch.py');
  });

  it('loses no stamp: the records are those of the run but for the texts that were taken out', () => {
    const withoutFailure = (records: readonly JournalRecord[]) =>
      records.filter(({ kind }) => kind !== 'failure' && kind !== 'launch-ready');
    expect(withoutFailure(lineByLine(readRunJournal(host.files, runFolder(OUT))))).toEqual(
      withoutFailure(lineByLine(readRunJournal(host.files, runFolder(FOLDER)))),
    );
  });

  it('is made again byte for byte from its journal, in any folder', async () => {
    const copy = testHost({
      files: Object.fromEntries(
        names().map((name) => [
          `/other/place/${name}`,
          host.files.readRange(`${OUT}/${name}`, 0, host.files.size(`${OUT}/${name}`) ?? 0),
        ]),
      ),
      system: { currentFolder: '/other', cpuModel: 'Another' },
    });
    const folder = runFolder('/other/place');
    expect(await checkRecord(copy, folder)).toEqual([]);
    const before = copy.files.readText('/other/place/report.md');
    copy.files.remove('/other/place/report.md');
    copy.files.writeText('/other/place/report.json', '{}');
    copy.files.writeText('/other/place/old.svg', '<svg/>');
    expect(await checkRecord(copy, folder)).toEqual(['report.md', 'report.json', 'old.svg']);
    // `hayasa report` makes the same bytes, and so does recording it over itself.
    await writeReports(copy, testTerminal(120), folder, { json: false });
    expect(copy.files.readText('/other/place/report.md')).toBe(before);
    await writeRecord(copy, folder, undefined);
    expect(await checkRecord(copy, folder)).toEqual([]);
    expect(copy.files.kind('/other/place/old.svg')).toBeUndefined();
  });

  it('gives the verdicts of the run', () => {
    const verdicts = (folder: string) => buildReport(reportInput(host, runFolder(folder))).claims?.verdicts;
    expect(verdicts(OUT)).toEqual(verdicts(FOLDER));
  });

  it('records a run over itself as it grows, and never over another', async () => {
    await writeRecord(host, runFolder(FOLDER), OUT);
    expect(await checkRecord(host, runFolder(OUT))).toEqual([]);
    const other = testHost({ system });
    await simulatedRun(STUDY.replace('inputTokens: 20', 'inputTokens: 24'), other);
    for (const name of names())
      other.files.writeText(`${OUT}/${name}`, name.endsWith('.gz') ? '' : read(name));
    await expect(writeRecord(other, runFolder(FOLDER), OUT)).rejects.toMatchObject({
      code: 'record/other-run',
    });
  });

  const goOn = (on: TestHost, out: string, budget_ms?: number) =>
    runStudy(
      on,
      {
        studyText: STUDY,
        studyName: 'study.yaml',
        declarations: [simDeclaration],
        hayasaVersion: '0.0.0-test',
        out,
        budget_ms,
      },
      () => undefined,
      new AbortController().signal,
    );

  it('is not gone on with', async () => {
    await expect(goOn(host, OUT)).rejects.toMatchObject({ code: 'run/record' });
  });

  it('is unpacked into the folder of a run', () => {
    const folder = unpackRecord(host, runFolder(OUT), 'runs/again');
    expect(folder).toBe('/home/alice/hayasa/runs/again');
    const journal = (path: string) => lineByLine(readRunJournal(host.files, runFolder(path)));
    expect(journal(folder)).toEqual(journal(OUT));
    expect(host.files.readText(`${folder}/study.yaml`)).toBe(STUDY);
    expect(() => unpackRecord(host, runFolder(OUT), 'runs/again')).toThrow(
      expect.objectContaining({ code: 'record/other-files' }),
    );
    expect(() => unpackRecord(host, runFolder(folder), 'runs/more')).toThrow(
      expect.objectContaining({ code: 'record/no-record' }),
    );
  });

  it('keeps a run between its pieces: recorded, unpacked, gone on with, recorded over itself', async () => {
    const pieces = testHost({ system });
    await goOn(pieces, FOLDER, 2_000);
    const { folder } = await writeRecord(pieces, runFolder(FOLDER), undefined);
    const lines = (path: string) => lineByLine(readRunJournal(pieces.files, runFolder(path)));
    const first = lines(folder);
    const again = unpackRecord(pieces, runFolder(folder), '/runs/again');
    await goOn(pieces, again);
    await writeRecord(pieces, runFolder(again), undefined);
    const repeats = (records: readonly JournalRecord[]) => records.filter(({ kind }) => kind === 'repeat');
    expect(lines(folder).slice(0, first.length)).toEqual(first);
    expect(repeats(first).length).toBeGreaterThan(0);
    expect(repeats(lines(folder)).length).toBeGreaterThan(repeats(first).length);
    expect(await checkRecord(pieces, runFolder(folder))).toEqual([]);
    const whole = await simulatedRun(STUDY, testHost({ system }));
    expect(repeats(lines(folder)).length).toBe(
      repeats(lineByLine(readRunJournal(whole.files, runFolder(FOLDER)))).length,
    );
  });
});

describe('a compressed journal', () => {
  const records: JournalRecord[] = [{ kind: 'cell-dropped', cellKey: '1', reason: same('もう時間がない') }];

  it('has the same bytes every time, and names neither a time nor a system', () => {
    const bytes = compressedJournal(records);
    expect(Buffer.compare(bytes, compressedJournal(records))).toBe(0);
    expect([...bytes.slice(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, bytes[8], 255]);
  });

  it('that is cut short is damaged, not shorter', () => {
    const bytes = compressedJournal(records);
    const cut = testHost({ files: { '/r/journal.ndjson.gz': bytes.slice(0, -9) } });
    expect(() => readRunJournal(cut.files, runFolder('/r'))).toThrow(
      expect.objectContaining({ code: 'journal/damaged' }),
    );
    expect(
      lineByLine(
        readRunJournal(testHost({ files: { '/r/journal.ndjson.gz': bytes } }).files, runFolder('/r')),
      ),
    ).toEqual(records);
  });
});
