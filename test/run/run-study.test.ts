/** The whole run through the simulated engine on a virtual clock: every number has an exact expected value. */
import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { type TestHost, testHost } from '../../src/host/test-host.ts';
import { readJournal } from '../../src/journal/read.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import type { RunEvent } from '../../src/run/events.ts';
import { promptSignature } from '../../src/run/reference.ts';
import { type RunOptions, runStudy } from '../../src/run/run-study.ts';

const study = (extra = '') => `
name: simulated
models: [tiny]
engines:
  - id: sim
    precisions: [fp32, w8]
axes: { batch: [1, 2], inputTokens: 8, outputTokens: 4 }
rounds: { minimum: 3, maximum: 3, confirm: 2 }
repeats: { minimum: 2, maximum: 2, window: 1ms }
seed: 5
${extra}`;

const options = (studyText: string, change: Partial<RunOptions> = {}): RunOptions => ({
  studyText,
  studyName: 'test.yaml',
  declarations: [simDeclaration],
  hayasaVersion: '0.0.0-test',
  out: '/runs/one',
  budget_ms: undefined,
  ...change,
});

const records = (host: TestHost): readonly JournalRecord[] =>
  readJournal(host.files, '/runs/one/journal.ndjson').records;
const repeats = (host: TestHost) => records(host).filter((record) => record.kind === 'repeat');

type Started = Extract<JournalRecord, { readonly kind: 'launch-started' }>;

/** The cells of the launch of `round` that has these cells, in its order. */
const launchAt = (launches: readonly Started[], round: number, cells: readonly string[]): readonly string[] =>
  launches.find((one) => one.round === round && cells.every((cell) => one.cellKeys.includes(cell)))
    ?.cellKeys ?? [];

describe('runStudy', () => {
  it('measures every cell in every round, then the winners again', async () => {
    const host = testHost();
    const events: RunEvent[] = [];
    const result = await runStudy(
      host,
      options(study()),
      (event) => events.push(event),
      new AbortController().signal,
    );
    expect(result).toMatchObject({ outcome: 'complete', failures: 0 });
    const explore = repeats(host).filter((record) => record.phase === 'explore');
    // 2 precisions x 2 batches x 3 rounds x 2 repeats
    expect(explore).toHaveLength(24);
    const confirm = repeats(host).filter((record) => record.phase === 'confirm');
    // the winner at batch 1 and 2 x 2 rounds x 2 repeats; the rival has less than half of its throughput
    expect(confirm).toHaveLength(8);
    expect(events.at(-1)).toMatchObject({ kind: 'finished', outcome: 'complete' });
  });

  it('left the logits of the reference in the run folder, 13 MB for each shape of prompt', async () => {
    const host = testHost();
    let logits = '';
    const arranged = options(study('correctness: { engine: sim }'), {
      arrange: (plan) => {
        const [first] = plan.cells;
        logits = `/runs/one/${first === undefined ? '' : promptSignature(first.cell)}.f32`;
        return plan;
      },
    });
    const seen: (number | undefined)[] = [];
    // The simulated engine writes none: this is what a real one does before the first round.
    const write = (event: RunEvent): void => {
      if (event.kind !== 'round-ended') return;
      if (event.round === 1) host.files.writeText(logits, 'logits');
      seen.push(host.files.size(logits));
    };
    await runStudy(host, arranged, write, new AbortController().signal);
    expect(seen).toEqual([6, 6, 6]);
    expect(host.files.list('/runs/one').filter((name) => name.endsWith('.f32'))).toEqual([]);
  });

  it('serves the cells of a launch in another order in the next round, and reads memory only before larger ones', async () => {
    const host = testHost();
    await runStudy(host, options(study()), () => undefined, new AbortController().signal);
    const launches = records(host).filter(
      (record): record is Started => record.kind === 'launch-started' && record.phase === 'explore',
    );
    const reasons = records(host).flatMap((record) =>
      record.kind === 'cell-measured' && record.launch.startsWith('explore/')
        ? [[record.launch, record.cellKey, record.memoryMissing?.en ?? ''] as const]
        : [],
    );
    expect(launches.map(({ round }) => round)).toEqual([0, 0, 1, 1, 2, 2]);
    for (const { launch, round, cellKeys } of launches) {
      if (round === 1) expect(cellKeys).toEqual([...launchAt(launches, 0, cellKeys)].reverse());
      const larger = launchAt(launches, 0, cellKeys).at(-1);
      const served = reasons.filter(([of]) => of === launch).map(([, cellKey, reason]) => [cellKey, reason]);
      expect(served).toEqual(
        cellKeys.map((cellKey, index) => [
          cellKey,
          index > 0 && cellKeys[index - 1] === larger
            ? 'read only where no larger cell was served before in the launch'
            : 'the engine has no process of its own',
        ]),
      );
    }
  });

  it('gives the stamps that the cost model says', async () => {
    const host = testHost();
    await runStudy(host, options(study()), () => undefined, new AbortController().signal);
    const gaps = new Set(
      repeats(host).map((record) => {
        const steps_ns = record.kind === 'repeat' ? record.sample.steps_ns : [];
        return steps_ns
          .slice(1)
          .map((stamp, i) => stamp - (steps_ns[i] ?? 0))
          .join();
      }),
    );
    // A step takes 10 ms in 32 bit and a quarter of it in 8 bit, plus 0.5 ms for each sequence.
    expect(gaps).toEqual(
      new Set([10_500_000, 11_000_000, 3_000_000, 3_500_000].map((gap) => [gap, gap, gap].join())),
    );
  });

  it('goes on where it stopped, and never repeats nor doubles a repeat', async () => {
    const whole = testHost();
    await runStudy(whole, options(study()), () => undefined, new AbortController().signal);
    const host = testHost();
    const controller = new AbortController();
    let seen = 0;
    const first = await runStudy(
      host,
      options(study()),
      (event) => {
        if (event.kind === 'repeat') seen += 1;
        if (seen === 9) controller.abort();
      },
      controller.signal,
    );
    expect(first.outcome).toBe('interrupted');
    const second = await runStudy(host, options(study()), () => undefined, new AbortController().signal);
    expect(second.outcome).toBe('complete');
    const identity = (record: JournalRecord) =>
      record.kind === 'repeat' ? `${record.phase} ${record.cellKey} ${record.launch} ${record.repeat}` : '';
    const ids = repeats(host).map(identity);
    expect(new Set(ids).size).toBe(ids.length);
    const third = await runStudy(host, options(study()), () => undefined, new AbortController().signal);
    expect(third.outcome).toBe('already-complete');
    expect(repeats(host)).toHaveLength(ids.length);
  });

  it('goes on with no run of another machine, and says what differs', async () => {
    const host = testHost();
    await runStudy(host, options(study()), () => undefined, new AbortController().signal);
    const files = Object.fromEntries(
      host.files.list('/runs/one').map((name) => {
        const path = `/runs/one/${name.split('/').at(-1) ?? ''}`;
        return [path, host.files.readText(path)];
      }),
    );
    const elsewhere = testHost({ files, system: { logicalCpus: 4 } });
    await expect(
      runStudy(elsewhere, options(study()), () => undefined, new AbortController().signal),
    ).rejects.toMatchObject({
      code: 'run/other-run',
      message: expect.stringContaining('it was measured on another machine (fingerprint ') as string,
    });
    expect(elsewhere.files.readText('/runs/one/journal.ndjson')).toBe(files['/runs/one/journal.ndjson']);
    await expect(
      runStudy(
        host,
        options(study(), { hayasaVersion: '0.0.1' }),
        () => undefined,
        new AbortController().signal,
      ),
    ).rejects.toMatchObject({
      message: expect.stringContaining('by Hayasa 0.0.0-test, not 0.0.1') as string,
    });
  });

  it('makes no checkpoint of a model that there is no time for', async () => {
    const host = testHost({ system: { cacheFolder: '/cache' } });
    const twoModels = study('priority: [{model: tiny}]').replace(
      'models: [tiny]',
      'models: [tiny, {name: other, preset: tiny, seed: 9}]',
    );
    await runStudy(
      host,
      options(twoModels, { budget_ms: 1_500 }),
      () => undefined,
      new AbortController().signal,
    );
    const measured = new Set(
      records(host).flatMap((record) =>
        record.kind === 'tokens' ? [] : record.kind === 'repeat' ? [record.cellKey] : [],
      ),
    );
    expect(measured.size).toBeGreaterThan(0);
    expect(host.files.list('/cache/models')).toHaveLength(1);
  });

  it('drops the least important cells beyond the time, names them, and keeps to the budget', async () => {
    const host = testHost();
    const text = study('priority: [{ batch: 1, precision: fp32 }]');
    const begin_ns = host.clock.monotonic_ns();
    const result = await runStudy(
      host,
      options(text, { budget_ms: 900 }),
      () => undefined,
      new AbortController().signal,
    );
    expect(result.outcome).toBe('budget');
    expect(Number(host.clock.monotonic_ns() - begin_ns) / 1e6).toBeLessThanOrEqual(900);
    const dropped = records(host).filter((record) => record.kind === 'cell-dropped');
    expect(dropped.length).toBeGreaterThan(0);
    for (const record of dropped) expect(record.reason.en).toMatch(/beyond the time/);
    const kept = new Set(repeats(host).map((record) => (record.kind === 'repeat' ? record.cellKey : '')));
    const fullyKept = [...kept].filter((key) => !dropped.some((record) => record.cellKey === key));
    expect(fullyKept).toHaveLength(4 - dropped.length);
  });

  it('records a failing cell with its cause and goes on with the others', async () => {
    const host = testHost();
    const text = study().replace(
      'precisions: [fp32, w8]',
      'precisions: [fp32]\n    options: { outOfMemoryAbove: 1 }',
    );
    const result = await runStudy(host, options(text), () => undefined, new AbortController().signal);
    expect(result).toMatchObject({ outcome: 'complete', failures: 1 });
    const failures = records(host).filter((record) => record.kind === 'failure');
    expect(failures).toMatchObject([{ failure: { cause: 'out-of-memory' } }]);
    // Batch 2 is given up after the first round; batch 1 has its 3 rounds of 2 repeats.
    expect(repeats(host)).toHaveLength(6);
  });

  it('records a reference that could not be made, and measures all the same', async () => {
    const host = testHost();
    const text = study(`correctness: { engine: sim, options: { fault: crash, faultAt: 0 } }`);
    const events: RunEvent[] = [];
    const result = await runStudy(
      host,
      options(text),
      (event) => events.push(event),
      new AbortController().signal,
    );
    expect(result.outcome).toBe('complete');
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'failure', label: { en: 'reference', ja: '参照' } }),
    );
    expect(records(host)).toContainEqual(expect.objectContaining({ kind: 'failure', launch: 'reference' }));
    expect(records(host).some((record) => record.kind === 'agreement')).toBe(false);
  });

  it('refuses to go on in the folder of another run', async () => {
    const host = testHost();
    await runStudy(host, options(study()), () => undefined, new AbortController().signal);
    const other = options(study().replace('seed: 5', 'seed: 6'));
    await expect(runStudy(host, other, () => undefined, new AbortController().signal)).rejects.toMatchObject({
      code: 'run/other-run',
      exitCode: 2,
    });
  });

  it("does not write over files that are not a run's: --out DIR replaced another study.yaml", async () => {
    const run = (host: ReturnType<typeof testHost>) =>
      runStudy(host, { ...options(study()), out: '/mine' }, () => undefined, new AbortController().signal);
    for (const taken of ['/mine/study.yaml', '/mine/journal.ndjson']) {
      const host = testHost({ files: { [taken]: 'mine' } });
      await expect(run(host)).rejects.toMatchObject({ code: 'run/other-files', exitCode: 2 });
      expect(host.files.readText(taken)).toBe('mine');
    }
    // What a run left that was killed while it wrote its inputs, beside files that are none of its.
    const host = testHost({ files: { '/mine/study.yaml': study(), '/mine/notes.txt': 'mine' } });
    expect((await run(host)).outcome).toBe('complete');
  });

  it('names every model that is missing at once', async () => {
    const text = study().replace(/^models: .*$/m, 'models: [{path: /none}, {path: /nor.gguf}, tiny]');
    await expect(
      runStudy(testHost(), options(text), () => undefined, new AbortController().signal),
    ).rejects.toMatchObject({
      code: 'input/problems',
      problems: [
        { path: 'models[0]', message: expect.stringContaining('/none') },
        { path: 'models[1]', message: expect.stringContaining('/nor.gguf') },
      ],
    });
  });

  it('refuses a study of which nothing can run, with the reasons and exit code 3', async () => {
    const text = study().replace('inputTokens: 8', 'inputTokens: 100000');
    await expect(
      runStudy(testHost(), options(text), () => undefined, new AbortController().signal),
    ).rejects.toMatchObject({ code: 'plan/nothing-runs', exitCode: 3 });
  });
});
