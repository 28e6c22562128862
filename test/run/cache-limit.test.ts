/** Converted copies under a limit: which models are measured apart, when their copies go, and that nothing else does. */
import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { type TestHost, testHost } from '../../src/host/test-host.ts';
import { readJournal } from '../../src/journal/read.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import { runStudy } from '../../src/run/run-study.ts';

const STUDY = `
name: copies
text: false
models: [tiny, {name: other, preset: tiny, seed: 9}]
engines: [{id: sim, precisions: [fp32, w8, w4], options: {cacheBytes: 1000}}]
axes: {batch: 1, inputTokens: 8, outputTokens: 4}
rounds: {minimum: 3, maximum: 3, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
correctness: {check: false}
`;
const CACHE = '/cache';

/** Size of the copies in the cache at each launch, from the events of a run. */
async function measure(
  host: TestHost,
  cacheLimitBytes: number | undefined,
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<{ readonly sizes: readonly number[]; readonly records: readonly JournalRecord[] }> {
  const sizes: number[] = [];
  const controller = new AbortController();
  await runStudy(
    host,
    {
      studyText: STUDY,
      studyName: 'copies.yaml',
      declarations: [simDeclaration],
      hayasaVersion: '0.0.0-test',
      out: '/runs/one',
      budget_ms: undefined,
      cacheLimitBytes,
    },
    (event) => {
      if (event.kind === 'repeat') sizes.push(host.files.treeBytes(`${CACHE}/sim`));
      if (sizes.length === stopAfter) controller.abort();
    },
    controller.signal,
  );
  return { sizes, records: readJournal(host.files, '/runs/one/journal.ndjson').records };
}

const newHost = () =>
  testHost({
    system: { cacheFolder: CACHE },
    files: { [`${CACHE}/sim/of-another-run`]: 'x', [`${CACHE}/gguf/kept.gguf`]: 'x' },
  });
const removals = (records: readonly JournalRecord[]) =>
  records.flatMap((record) => (record.kind === 'copies-removed' ? [record.entries] : []));
/** Which model each launch had, in order, runs of the same one joined. */
const order = (records: readonly JournalRecord[]) => {
  const models: string[] = [];
  for (const record of records) {
    if (record.kind !== 'launch-loaded') continue;
    const [entry = ''] = record.cacheEntries ?? [];
    const model = entry.replace(/^sim\/|-[^-]+$/g, '');
    if (models.at(-1) !== model) models.push(model);
  }
  return models;
};

describe('converted copies', () => {
  it('are all kept without a limit, and with one that they fit', async () => {
    for (const limit of [undefined, 6_000]) {
      const host = newHost();
      const { records, sizes } = await measure(host, limit);
      expect(removals(records)).toEqual([]);
      expect(Math.max(...sizes)).toBe(6_001);
      // Models take turns within each round.
      expect(order(records).length).toBeGreaterThan(2);
    }
  });

  it('of one model after another are removed at its end where those of one fit', async () => {
    const host = newHost();
    const { records, sizes } = await measure(host, 3_000);
    expect(sizes).toHaveLength(18);
    expect(order(records)).toHaveLength(2);
    expect(removals(records).map((entries) => entries.length)).toEqual([3, 3]);
    // Each is made once: nothing is converted again.
    expect(records.filter((one) => one.kind === 'launch-loaded' && one.cacheBytesWritten > 0)).toHaveLength(
      6,
    );
    expect(Math.max(...sizes)).toBe(3_001);
    expect(host.files.list(`${CACHE}/sim`).map((path) => path.split('/').at(-1))).toEqual(['of-another-run']);
    expect(host.files.kind(`${CACHE}/gguf/kept.gguf`)).toBe('file');
  });

  it('of a model that is too large go within each round, and are made again in the next', async () => {
    const host = newHost();
    const { records, sizes } = await measure(host, 1_000);
    expect(order(records)).toHaveLength(2);
    expect(Math.max(...sizes)).toBe(1_001);
    expect(records.filter((one) => one.kind === 'launch-loaded' && one.cacheBytesWritten > 0)).toHaveLength(
      18,
    );
    expect(host.files.list(`${CACHE}/sim`)).toHaveLength(1);
  });

  it('that an interrupted run left are removed by the one that goes on', async () => {
    const host = newHost();
    await measure(host, 3_000, 5);
    expect(host.files.list(`${CACHE}/sim`).length).toBeGreaterThan(1);
    const { records } = await measure(host, undefined);
    expect(records.filter(({ kind }) => kind === 'repeat')).toHaveLength(18);
    expect(host.files.list(`${CACHE}/sim`)).toHaveLength(1);
    await expect(measure(host, 4_000)).rejects.toMatchObject({ code: 'run/cache-limit' });
  });
});
