/** `hayasa explain`: every value leads back to records that give it, and to a study that gives the cell again. */
import { beforeAll, describe, expect, it } from 'vitest';
import { explainCommand } from '../../src/cli/commands/explain.ts';
import type { TestHost } from '../../src/host/test-host.ts';
import { testHost } from '../../src/host/test-host.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import type { Language } from '../../src/kernel/language.ts';
import type { Provenance } from '../../src/provenance/model.ts';
import { runCommand, runStudyIn } from './sim-runs.ts';

const study = `
# A comment that stays.
name: simulated
models: [{ preset: tiny, name: small, seed: 3 }]
engines:
  - { id: sim, label: ours, precisions: [fp32, w8], options: { step_ns: [10000000, 5000000], noise: white } }
axes: { batch: [1, 4], threads: [1, 2], depth: 2, stop: natural, promptLengths: ragged }
defaults: { inputTokens: 8, outputTokens: 8 }
priority: [{ batch: 4 }]
rounds: { minimum: 3, maximum: 3, confirm: 1 }
repeats: { minimum: 2, maximum: 2, window: 1ms }
budget: 1h
seed: 7
`;

const CELL = 'precision=w8,step_ns=5000000,batch=4,threads=1';

let host: TestHost;
beforeAll(async () => {
  host = testHost();
  await runStudyIn(host, 'one', study, {
    commit: '0123456789abcdef0123456789abcdef01234567',
    lockHash: 'abc123',
  });
});

const explain = (
  which: string,
  given: Readonly<Record<string, string | true>> = {},
  language: Language = 'en',
) => runCommand(explainCommand, host, ['runs/one', which], given, language);
const provenance = async (which: string): Promise<Provenance> =>
  JSON.parse((await explain(which, { json: true })).out) as Provenance;

describe('hayasa explain', () => {
  it('names the lines of the journal that give a value: anyone can compute it again', async () => {
    const { launches, values, cellKey } = await provenance(CELL);
    const journal = host.files
      .readText('/home/test/runs/one/journal.ndjson')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JournalRecord);
    const explored = launches.filter(({ phase }) => phase === 'explore');
    expect(explored).toHaveLength(3);
    const launchMeans = explored.map(({ lines }) => {
      const rates = lines.repeats.map((line) => {
        const record = journal[line - 1];
        if (record?.kind !== 'repeat') throw new Error(`line ${line} is no repeat`);
        expect(record.cellKey).toBe(cellKey);
        const { sequences, steps_ns } = record.sample;
        const tokens = sequences.reduce((sum, { newTokens }) => sum + newTokens, 0);
        return (
          (tokens * 1e9) / ((steps_ns.at(-1) ?? 0) - Math.min(...sequences.map(({ sent_ns }) => sent_ns)))
        );
      });
      expect(rates).toHaveLength(2);
      return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    });
    const own = launchMeans.reduce((sum, rate) => sum + rate, 0) / launchMeans.length;
    const throughput = values.find(({ metric }) => metric.id === 'throughput')?.explore;
    expect(throughput).toMatchObject({ value: { mean: expect.closeTo(own, 9) } });
    for (const { lines } of launches)
      expect(lines.launch.map((line) => journal[line - 1]?.kind)).toEqual([
        'launch-started',
        'launch-ready',
        'launch-loaded',
        'launch-ended',
      ]);
  });

  it('prints a study whose only cell is this one, and which measures it', async () => {
    const { cellKey } = await provenance(CELL);
    const { out } = await explain(cellKey.slice(0, 6), { study: true });
    expect(out).toContain('# A comment that stays.');
    await runStudyIn(host, 'again', out);
    const cells = host.files
      .readText('/home/test/runs/again/journal.ndjson')
      .split('\n')
      .flatMap((line) =>
        line.includes('"launch-started"') ? (JSON.parse(line) as { cellKeys: string[] }).cellKeys : [],
      );
    expect(new Set(cells)).toEqual(new Set([cellKey]));
  });

  it('names the cells that are meant where it is not one', async () => {
    await expect(explain('batch=4')).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ path: 'CELL', message: 'means 8 cells', allowed: expect.stringContaining('w8') }],
    });
    await expect(explain('zzzz')).rejects.toMatchObject({ problems: [{ message: 'means no cell' }] });
    await expect(explain('bach=4')).rejects.toMatchObject({
      problems: [{ path: 'CELL bach', didYouMean: 'batch' }, { path: 'CELL' }],
    });
  });

  it('is printed in Japanese, and its JSON in English', async () => {
    await expect((await explain(CELL, {}, 'ja')).out).toMatchFileSnapshot('../golden/compare/explain-ja.txt');
    expect(await explain(CELL, { json: true }, 'ja')).toEqual(await explain(CELL, { json: true }));
  });

  it('is printed', async () => {
    const { out } = await explain(CELL);
    await expect(out).toMatchFileSnapshot('../golden/compare/explain.txt');
    const shares = await explain(CELL, { metric: 'peak-memory' });
    expect(shares.out).toContain('Peak memory: ');
  });
});

it('names the repeats that are set aside, and gives no value of them', async () => {
  const other = testHost();
  await runStudyIn(other, 'one', study);
  const path = '/home/test/runs/one/journal.ndjson';
  const marked = other.files
    .readText(path)
    .replaceAll('"repeat":0,', '"repeat":0,"disturbedBy":["steal"],')
    .replaceAll('"repeat":1,', '"repeat":1,"remeasures":0,');
  other.files.writeText(path, marked);
  const { out } = await runCommand(explainCommand, other, ['runs/one', CELL], { json: true });
  const { launches } = JSON.parse(out) as Provenance;
  expect(launches.length).toBeGreaterThan(2);
  for (const { lines, setAside, values } of launches) {
    expect(setAside).toEqual(lines.repeats.slice(0, 1));
    expect(values['throughput']).toHaveLength(1);
  }
});
