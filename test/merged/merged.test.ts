/** Runs of several machines in one report: what it says, byte for byte, and what it refuses. */
import { describe, expect, it } from 'vitest';
import { writeMergedReport } from '../../src/cli/merged-reports.ts';
import { reportInput } from '../../src/cli/reports.ts';
import { testTerminal } from '../../src/cli/ui/test-terminal.ts';
import { testHost } from '../../src/host/test-host.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import { type Say, same, sayEnglish, sayIn } from '../../src/kernel/language.ts';
import { presentValue } from '../../src/kernel/maybe.ts';
import { mergedFiles, mergedTerminal } from '../../src/report/formats/merged.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { buildMergedReport } from '../../src/report/merged/build.ts';
import { BASE_CELL, syntheticJournal } from '../fixtures/synthetic-journal.ts';
import { INPUT, reportCell } from '../fixtures/synthetic-report.ts';
import { FOLDER, simulatedRun } from '../verdicts/sim-study.ts';

interface Machine {
  readonly name: string;
  readonly fingerprint: string;
  readonly threads: number;
  /** Multiplies every time. */
  readonly times: number;
  readonly wallTime: string;
}

const OLD: Machine = {
  name: 'Example 9000, 2 threads',
  fingerprint: 'aaaaaaaaaaaaaaaa',
  threads: 2,
  times: 1,
  wallTime: '2026-11-24T00:00:00.000Z',
};
const NEW: Machine = {
  name: 'Example 9900, 8 threads',
  fingerprint: 'bbbbbbbbbbbbbbbb',
  threads: 8,
  times: 0.5,
  wallTime: '2026-11-25T00:00:00.000Z',
};

const STUDY = `
name: simulated
models: [tiny]
engines: [{id: sim, label: fast}, {id: sim, label: slow, options: {step_ns: 20000000}}]
defaults: {inputTokens: 20, outputTokens: 5}
experiments:
  - {id: devices, title: CPU against GPU, figure: devices, axes: {device: [cpu, 'cuda:0']}}
rounds: {minimum: 3, maximum: 3, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
correctness: {check: false}
claims:
  - {id: faster, claim: fast is faster, kind: ratio, of: {engine: fast}, to: {engine: slow}, atLeast: 1.5}
`;

/** Two engines at batch 1 and 4, all threads; beta runs on the new machine only. */
function inputOf(machine: Machine, change: Partial<ReportInput> = {}): ReportInput {
  const { name, fingerprint, threads, times, wallTime } = machine;
  const cells = [1, 4].flatMap((batch) =>
    ['alpha', ...(machine === NEW ? ['beta'] : [])].map((engine) => ({
      cell: { ...BASE_CELL, engine, batch, slots: batch, threads },
      prefill_ns: 100_000,
      step_ns: engine === 'alpha' ? 10_000_000 : 12_000_000,
    })),
  );
  const records = syntheticJournal({
    cells,
    rounds: 5,
    repeats: 2,
    factor: (round, index) => times * (1 + 0.004 * ((round * 3 + index) % 4)),
  }).map((record): JournalRecord => (record.kind === 'run-started' ? { ...record, wallTime } : record));
  return {
    ...INPUT,
    study: { ...INPUT.study, logicalCpus: threads, confirms: false },
    cells: cells.map(({ cell }) => reportCell(cell)),
    records,
    environment: {
      machine: { name, fingerprint },
      device: { en: `this CPU (${name})`, ja: `この CPU（${name}）` },
      facts: [
        { name: same('CPU'), value: same(name) },
        { name: same('Hayasa'), value: same(machine === NEW ? '0.2.0' : '0.1.0') },
        { name: same('machine'), value: same(fingerprint) },
      ],
    },
    ...change,
  };
}

describe('a report of two machines', () => {
  const report = buildMergedReport([inputOf(OLD), inputOf(NEW)]);

  it('compares what both measured, all threads with all threads, and pairs nothing', () => {
    expect(report.rows.map(({ label }) => label)).toEqual(['alpha fp32, batch 1', 'alpha fp32, batch 4']);
    const [first] = report.rows;
    const [comparison] = first!.against;
    expect(comparison).toMatchObject({ machine: 'B', base: 'A', outcome: 'faster' });
    const ratio = presentValue(comparison!.ratio)!;
    expect(ratio.mean).toBeCloseTo(2, 1);
    expect(ratio.rule.en).toMatch(/^Welch's t .* not paired/);
    expect(report.family).toBe(2);
  });

  it('tells machines apart by processor and fingerprint, and says what differs', () => {
    expect(report.machines.map(({ letter, name, fingerprint }) => [letter, name, fingerprint])).toEqual([
      ['A', OLD.name, OLD.fingerprint],
      ['B', NEW.name, NEW.fingerprint],
    ]);
    expect(report.differences.map(({ name }) => name.en)).toEqual(['CPU', 'Hayasa', 'beta']);
  });

  it('in every format, byte for byte', async () => {
    for (const { name, text } of await mergedFiles(report, sayEnglish))
      await expect(text).toMatchFileSnapshot(`../golden/merged/${name}`);
    await expect(mergedTerminal(report, { colour: false, width: 110 }, sayEnglish)).toMatchFileSnapshot(
      '../golden/merged/terminal.txt',
    );
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('in Japanese on a screen, its JSON in English', async () => {
    const sayJapanese = sayIn('ja');
    await expect(mergedTerminal(report, { colour: false, width: 110 }, sayJapanese)).toMatchFileSnapshot(
      '../golden/merged/terminal-ja.txt',
    );
    const jsonOf = async (say: Say) =>
      (await mergedFiles(report, say)).find(({ name }) => name === 'report.json');
    expect(await jsonOf(sayJapanese)).toEqual(await jsonOf(sayEnglish));
  });
});

describe('merging', () => {
  it('refuses a copy of a run, and runs that share no workload', () => {
    expect(() => buildMergedReport([inputOf(OLD), inputOf(OLD)])).toThrow(
      expect.objectContaining({ code: 'merge/same-run' }),
    );
    const other = inputOf(NEW);
    const strange = {
      ...other,
      cells: other.cells.map((one) => reportCell({ ...one.cell, modelHash: 'other' })),
    };
    expect(() =>
      buildMergedReport([inputOf(OLD), { ...strange, records: relabelled(strange, other) }]),
    ).toThrow(expect.objectContaining({ code: 'merge/nothing-shared' }));
  });

  it('knows two runs of one machine, and keeps verdicts apart where margins differ', async () => {
    const later = inputOf({ ...OLD, wallTime: '2026-11-26T00:00:00.000Z' });
    const twins = buildMergedReport([inputOf(OLD), later]);
    expect(mergedTerminal(twins, { colour: false, width: 200 }, sayEnglish)).toContain(
      'B: Example 9000, 2 threads (fingerprint aaaaaaaaaaaaaaaa, the machine of A)',
    );
    expect(twins.rows[0]?.against[0]?.outcome).toBe('equivalent');
    const input = async (study: string, cpuModel: string): Promise<ReportInput> =>
      reportInput(await simulatedRun(study, testHost({ system: { cpuModel } })), runFolder(FOLDER));
    const [one, other] = [await input(STUDY, 'one'), await input(STUDY.replace('1.5', '1.6'), 'other')];
    const apart = buildMergedReport([one, other]);
    expect(apart.claims).toBeUndefined();
    expect(apart.differences.map(({ name }) => name.en)).toEqual(['margins of claims', 'CPU']);
    expect(buildMergedReport([one, await input(STUDY, 'other')]).claims).toEqual([
      { id: 'faster', statement: 'fast is faster', outcomes: ['supported', 'supported'] },
    ]);
  });
});

describe('hayasa report DIR1 DIR2', () => {
  it('names what failed on each machine, and says how much for the exit code', async () => {
    const failing = STUDY.replace(
      '20000000}}]',
      '20000000}}, {id: sim, label: broken, options: {fault: exit-at-load}}]',
    );
    const host = await simulatedRun(STUDY, undefined, '/runs/one');
    const other = await simulatedRun(failing, testHost({ system: { cpuModel: 'other' } }), '/runs/two');
    for (const name of ['study.yaml', 'study.json', 'environment.json', 'journal.ndjson'])
      host.files.writeText(`/copied/${name}`, other.files.readText(`/runs/two/${name}`));
    const options = { json: false, out: '/merged', language: undefined };
    expect(await writeMergedReport(host, testTerminal(110), ['/runs/one', '/copied'], options)).toBe(1);
    const report = host.files.readText('/merged/report.md');
    expect(report).toMatch(/## Failures\n\n- B: crash, /);
  });

  it('merges copied folders into a folder of their own', async () => {
    const host = await simulatedRun(STUDY, undefined, '/runs/one');
    const other = await simulatedRun(
      STUDY,
      testHost({ system: { cpuModel: 'Example 9900', logicalCpus: 8 } }),
      '/runs/two',
    );
    for (const name of ['study.yaml', 'study.json', 'environment.json', 'journal.ndjson'])
      host.files.writeText(`/copied/${name}`, other.files.readText(`/runs/two/${name}`));
    const terminal = testTerminal(110);
    await writeMergedReport(host, terminal, ['/runs/one', '/copied'], {
      json: false,
      out: '/merged',
      language: 'ja',
    });
    // Run ids follow from every field of a study, new ones included.
    const text = terminal.output.join('').replace(/run [0-9a-f]{16}/g, 'run RUN-ID');
    await expect(text).toMatchFileSnapshot('../golden/merged/simulated.txt');
    expect(host.files.list('/merged')).toEqual(['devices.svg', 'report.json', 'report.md']);
    expect(host.files.readText('/merged/devices.svg')).toContain('A cpu');
  });
});

/** The journal of `from` under the cell keys of `to`. */
function relabelled(to: ReportInput, from: ReportInput): JournalRecord[] {
  const keys = new Map(from.cells.map(({ cellKey }, index) => [cellKey, to.cells[index]!.cellKey]));
  const text = JSON.stringify(from.records).replace(/"[0-9a-f]{16}"/g, (quoted) => {
    const key = keys.get(quoted.slice(1, -1));
    return key === undefined ? quoted : `"${key}"`;
  });
  return JSON.parse(text) as JournalRecord[];
}
