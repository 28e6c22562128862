/** An interruption, or the end of the budget, ends what a run is preparing or loading at once, and never counts as its failure. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { createExecutor } from '../../src/executors/registry.ts';
import { realHost } from '../../src/host/real-host.ts';
import { testHost } from '../../src/host/test-host.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import { same } from '../../src/kernel/language.ts';
import { missing } from '../../src/kernel/maybe.ts';
import { openGate } from '../../src/run/gate.ts';
import type { LaunchResult } from '../../src/run/launch-task.ts';
import { makeModel } from '../../src/run/models.ts';
import { runLaunch } from '../../src/run/run-launch.ts';
import { type TimeLimit, timeLimit } from '../../src/run/time-limit.ts';
import { BASE_CELL } from '../fixtures/synthetic-journal.ts';
import { generation, isAlive } from '../support/local-worker.ts';

const executor = createExecutor('local', realHost());
const LOAD = {
  modelPath: '/nowhere',
  precision: 'fp32' as const,
  threads: 1,
  device: 'cpu',
  cacheFolder: '/nowhere',
  limits: { slots: 1, positionsPerSlot: 64 },
};
const hangsAtLoad = { ...LOAD, options: { fault: 'hang-at-load' } };
const cell = { ...BASE_CELL, engine: 'sim' };

/** A launch whose load never ends. */
async function launchThatHangs(
  signal: AbortSignal,
  time: TimeLimit,
  onReady: () => void,
): Promise<{ result: LaunchResult; records: JournalRecord[]; failures: unknown[] }> {
  const records: JournalRecord[] = [];
  const failures: unknown[] = [];
  const { clock } = realHost();
  const result = await runLaunch(
    {
      launch: 'explore/0/0/0/0',
      round: 0,
      block: 0,
      position: 0,
      declaration: simDeclaration,
      engineVersion: undefined,
      environment: {},
      load: hangsAtLoad,
      cells: [{ cell, cellKey: 'c', memoryBytes: 0, request: generation }],
      startDeadline_ms: 30_000,
      loadDeadline_ms: 600_000,
    },
    {
      clock,
      executor,
      phase: 'explore',
      wallTime: () => clock.wallTime(),
      sync: () => {},
      signal,
      interrupted: () => signal.aborted,
      time,
      record: (record) => {
        records.push(record);
        if (record.kind === 'launch-ready') onReady();
      },
      gauges: {
        resetMemory: () => {},
        readMemory: () => missing(same('not here')),
        openNoiseWindow: () => () => ({ window_ns: 0 }),
        openRepeat: () => ({ sent: () => {}, answered: () => {}, close: () => ({ window_ns: 0 }) }),
      },
      policy: {
        repeats: 1,
        maximumRepeats: 1,
        minimumWindow_ms: 1,
        maximumWarmUps: 1,
        warmUpTokens: 1,
        isSteady: () => true,
        disturbances: () => [],
        mayRemeasure: () => false,
      },
      afterCell: async () => undefined,
      onCell: () => {},
      onRepeat: () => {},
      onProgress: () => {},
      onFailure: (failure) => failures.push(failure),
    },
  );
  return { result, records, failures };
}

function expectStopped({ result, records, failures }: Awaited<ReturnType<typeof launchThatHangs>>): void {
  expect(result.outcome).toBe('interrupted');
  expect(failures).toEqual([]);
  expect(records.map(({ kind }) => kind)).toEqual(['launch-started', 'launch-ready', 'launch-ended']);
  expect(records.at(-1)).toMatchObject({ outcome: 'interrupted' });
  const ready = records.find((record) => record.kind === 'launch-ready');
  expect(isAlive(ready?.pid ?? 0)).toBe(false);
}

describe('an interruption', () => {
  it('while a launch loads stops the worker: the load of a large model was waited for', async () => {
    const interruption = new AbortController();
    const unlimited = timeLimit(undefined, () => 0);
    const hung = await launchThatHangs(interruption.signal, unlimited, () => {
      setImmediate(() => interruption.abort());
    });
    expectStopped(hung);
  });

  it('by the end of the budget stops a load too: a conversion went on for minutes after it', async () => {
    let elapsed_ms = 0;
    const time = timeLimit(60_000, () => elapsed_ms);
    // When the load begins, a tenth of a second is left of what may go on after the end.
    const hung = await launchThatHangs(new AbortController().signal, time, () => {
      elapsed_ms = 61_100;
    });
    expectStopped(hung);
  });

  it('while the reference is made stops its worker, and begins no further one', async () => {
    const interruption = new AbortController();
    const records: JournalRecord[] = [];
    const launch = {
      model: 'tiny',
      declaration: simDeclaration,
      environment: {},
      load: hangsAtLoad,
      needs: [],
      promptsOf: () => [],
    };
    let begun = 0;
    const gate = openGate(
      () => ({
        ...executor,
        start: async (spec) => {
          begun += 1;
          const started = await executor.start(spec);
          void delay(0).then(() => interruption.abort());
          return started;
        },
      }),
      {
        signal: interruption.signal,
        record: (record) => records.push(record),
        files: testHost().files,
        folder: '/nowhere',
        time: timeLimit(undefined, () => 0),
        onProgress: () => {},
        onFailure: () => {},
      },
    );
    await gate.makeReferences(launch);
    await gate.makeReferences(launch);
    expect(begun).toBe(1);
    expect(records).toEqual([]);
  });

  it('while a synthetic checkpoint is written leaves nothing half-written: it could not be interrupted', async () => {
    const host = testHost();
    const model = {
      kind: 'preset',
      name: 't',
      preset: 'tiny',
      seed: 0,
      dtype: 'F32',
      layers: undefined,
    } as const;
    const interruption = new AbortController();
    const seen: number[] = [];
    await makeModel(
      host,
      model,
      (fraction) => {
        seen.push(fraction);
        if (seen.length === 3) interruption.abort();
      },
      interruption.signal,
    );
    expect(seen).toHaveLength(3);
    const folder = `${host.system.cacheFolder}/models`;
    const [name = ''] = host.files.list(folder);
    expect(host.files.list(`${folder}/${name}`)).toEqual(['hayasa.json']);
    await makeModel(host, model, () => {});
    expect(host.files.list(`${folder}/${name}`)).toContain('model.safetensors');
  });
});
