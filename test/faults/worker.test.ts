/** A worker process that works, dies, hangs, talks nonsense or floods: every fault is a value, and nobody is left behind. */
import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { greedyTokens } from '../../src/engines/sim/language.ts';
import { createExecutor } from '../../src/executors/registry.ts';
import { TAIL_BYTES } from '../../src/host/output-file.ts';
import { realHost } from '../../src/host/real-host.ts';
import { startWorker } from '../../src/process/worker-process.ts';
import { generation, isAlive, loadSim, startSim, valueOrThrow } from '../support/local-worker.ts';

/** Starts, loads with a fault, generates once; what came of it, and whether anyone is left after `stop`. */
async function generateWith(options: Readonly<Record<string, string | number>>, deadline_ms = 60_000) {
  const handle = await startSim();
  valueOrThrow(await loadSim(handle, options));
  const outcome = await handle.generate({ ...generation, deadline_ms });
  const report = await handle.stop();
  return { handle, outcome, report, alive: isAlive(handle.pid!) };
}

describe('a worker process', () => {
  it('greets, loads, generates, scores and says goodbye with its environment', async () => {
    const handle = await startSim();
    expect(handle.ready).toMatchObject({ engine: 'sim', pid: handle.pid, versions: { sim: '1' } });
    expect(handle.ready.environment).toMatchObject({ OMP_NUM_THREADS: '1', node: process.versions.node });
    expect(handle.spawned_ns).toBeLessThan(BigInt(handle.ready.origin_ns));
    expect(BigInt(handle.ready.origin_ns)).toBeLessThan(handle.ready_ns);
    expect(valueOrThrow(await loadSim(handle)).stages).toHaveLength(1);
    const tokens = greedyTokens([1, 2, 3], 3, 50_000);
    const sample = valueOrThrow(await handle.generate(generation));
    expect(sample.sequences[0]).toMatchObject({ tokens, finish: 'length' });
    expect(sample.steps_ns).toEqual([...sample.steps_ns].sort((a, b) => a - b));
    const score = await handle.score({ prompts: [[1, 2, 3]], continuations: [tokens], deadline_ms: 10_000 });
    expect(valueOrThrow(score)).toEqual({
      equalPositions: 3,
      positions: 3,
      logLikelihoods: [expect.any(Number)],
    });
    const report = await handle.stop();
    expect(report).toEqual({ ended: 'graceful', environment: handle.ready.environment, stderrTail: '' });
    expect(isAlive(handle.pid!)).toBe(false);
    expect((await handle.generate(generation)).kind).toBe('failed');
  });

  it('that dies is a crash with the end of its stderr', async () => {
    const { outcome, report, alive } = await generateWith({ fault: 'crash' });
    expect(outcome).toEqual({
      kind: 'failed',
      failure: {
        cause: 'crash',
        message: expect.objectContaining({ en: 'the worker was ended by SIGSEGV' }),
        stderrTail: 'sim: about to crash',
      },
    });
    expect([report.ended, alive]).toEqual(['killed', false]);
  });

  it('that dies at load fails the load', async () => {
    const handle = await startSim();
    const outcome = await loadSim(handle, { fault: 'exit-at-load' });
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: {
        cause: 'crash',
        message: expect.objectContaining({ en: 'the worker was ended by SIGTERM' }),
        stderrTail: 'sim: cannot load',
      },
    });
    await handle.stop();
    expect(isAlive(handle.pid!)).toBe(false);
  });

  it('that hangs but listens ends at its deadline and can go on', async () => {
    const handle = await startSim();
    valueOrThrow(await loadSim(handle, { fault: 'hang' }));
    expect(await handle.generate({ ...generation, deadline_ms: 50 })).toEqual({
      kind: 'failed',
      failure: { cause: 'timeout', message: expect.objectContaining({ en: 'not finished after 50 ms' }) },
    });
    expect((await handle.generate(generation)).kind).toBe('ok');
    expect((await handle.stop()).ended).toBe('graceful');
  });

  it('is cancelled between two steps and can go on', async () => {
    const handle = await startSim();
    valueOrThrow(await loadSim(handle, { fault: 'hang' }));
    const running = handle.generate(generation);
    handle.cancel();
    expect(await running).toEqual({
      kind: 'failed',
      failure: { cause: 'cancelled', message: expect.objectContaining({ en: 'cancelled' }) },
    });
    expect((await handle.generate(generation)).kind).toBe('ok');
    await handle.stop();
  });

  it('that does not listen is ended with its process', async () => {
    const { outcome, alive } = await generateWith({ fault: 'deaf' }, 50);
    expect(outcome).toMatchObject({ kind: 'failed', failure: { cause: 'timeout' } });
    expect(alive).toBe(false);
  });

  it('that hangs at load is killed at the deadline of the load', async () => {
    const handle = await startSim();
    expect(await loadSim(handle, { fault: 'hang-at-load' }, 100)).toMatchObject({
      kind: 'failed',
      failure: {
        cause: 'timeout',
        message: expect.objectContaining({ en: 'the worker did not answer within 100 ms and was killed' }),
      },
    });
    await handle.stop();
    expect(isAlive(handle.pid!)).toBe(false);
  });

  it('that talks nonsense is a protocol failure that quotes it', async () => {
    const { outcome, alive } = await generateWith({ fault: 'nonsense' });
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: {
        cause: 'protocol',
        message: expect.objectContaining({ en: 'a frame is not JSON: "loading 50 %"' }),
      },
    });
    expect(alive).toBe(false);
  });

  it('that floods stderr goes on, and only the end of the flood is kept', async () => {
    const { outcome, report } = await generateWith({ fault: 'flood-stderr' });
    expect(outcome.kind).toBe('ok');
    expect(report.stderrTail.endsWith('sim: end of the flood')).toBe(true);
    expect(report.stderrTail.length).toBeLessThanOrEqual(TAIL_BYTES);
  });
});

describe('a worker that does not start', () => {
  const host = realHost();
  const start = (command: string, args: readonly string[], deadline_ms = 30_000) =>
    startWorker(host, { command, args, environment: {} }, 'sim', deadline_ms);

  it('is a failure for a program that does not exist', async () => {
    const started = await start('/no/such/program', []);
    expect(started).toMatchObject({
      kind: 'failed',
      failure: {
        cause: 'crash',
        message: expect.objectContaining({ en: 'the worker did not start: spawn /no/such/program ENOENT' }),
      },
    });
  });

  it('is a failure for a program that ends at once, with its code and its last words', async () => {
    const started = await start(process.execPath, ['-e', 'console.error("no library"); process.exit(7)']);
    expect(started).toEqual({
      kind: 'failed',
      failure: {
        cause: 'crash',
        message: expect.objectContaining({ en: 'the worker exited with code 7' }),
        stderrTail: 'no library',
      },
    });
  });

  it('is a failure for a program that never greets', async () => {
    const started = await start(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], 200);
    expect(started).toMatchObject({ kind: 'failed', failure: { cause: 'timeout' } });
  });

  it('is a failure for another version of the protocol', async () => {
    const ready =
      '{"kind":"ready","protocol":99,"engine":"sim","pid":1,"origin_ns":"1","versions":{},"environment":{}}';
    const started = await start(process.execPath, [
      '-e',
      `fs.writeSync(3, '${ready}\\n'); setInterval(() => {}, 1000)`,
    ]);
    expect(started).toMatchObject({
      kind: 'failed',
      failure: { cause: 'protocol', message: expect.objectContaining({ en: 'protocol 99 instead of 1' }) },
    });
  });

  it('is a failure for an engine whose module is not there', async () => {
    const declaration = { ...simDeclaration, id: 'no-such-engine' };
    const outcome = await createExecutor('local', host).start({
      declaration,
      environment: {},
      startDeadline_ms: 30_000,
    });
    expect(outcome).toMatchObject({ kind: 'failed', failure: { cause: 'engine-error' } });
  });

  it('does not outlive its children', async () => {
    // The child of the worker holds its pipes and ignores SIGTERM.
    const child = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)`;
    const script = `const c = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" }); console.error(c.pid); setTimeout(() => process.exit(3), 200)`;
    const started = await start(process.execPath, ['-e', script]);
    if (started.kind !== 'failed') throw new Error('started');
    expect(started.failure.message).toEqual({
      en: 'the worker exited with code 3',
      ja: 'ワーカーがコード 3 で終わりました',
    });
    expect(isAlive(Number(started.failure.stderrTail))).toBe(false);
  });
});
