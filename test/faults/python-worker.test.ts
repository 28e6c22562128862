/** A Python worker whose engine crashes, runs out of memory, is killed or leaves children: each a recorded outcome. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { realHost } from '../../src/host/real-host.ts';
import type { Words } from '../../src/kernel/language.ts';
import { startWorker, type WorkerProcess } from '../../src/process/worker-process.ts';
import { isAlive } from '../support/local-worker.ts';

const PYTHON = fileURLToPath(new URL('../../python', import.meta.url));
/** The stand-in engine of the Python side's own tests. */
const BOOTSTRAP = `
import hayasa_worker.engines as engines
engines.__path__.append(${JSON.stringify(`${PYTHON}/tests/engines`)})
from hayasa_worker.__main__ import main
main("stand-in")`;
const probe = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']);
const host = realHost();

async function start(): Promise<WorkerProcess> {
  const command = {
    command: 'python3',
    args: ['-c', BOOTSTRAP],
    environment: { PYTHONPATH: PYTHON, PYTHONDONTWRITEBYTECODE: '1' },
  };
  const started = await startWorker(host, command, 'stand-in', 30_000);
  if (started.kind === 'failed') throw new Error(JSON.stringify(started.failure));
  return started.worker;
}

/** What a load with `fault` came to, and how the worker ended afterwards. */
async function loadWith(fault: string) {
  const worker = await start();
  const settled = await worker.request(
    (id) => ({
      kind: 'load',
      id,
      modelPath: '/nowhere',
      precision: 'fp32',
      options: { fault },
      threads: 1,
      device: 'cpu',
      cacheFolder: '/nowhere',
      limits: { slots: 1, positionsPerSlot: 8 },
    }),
    30_000,
  );
  const { ended } = await worker.stop();
  const failure =
    settled.kind === 'failed'
      ? settled.failure
      : settled.frame.kind === 'failed'
        ? settled.frame.failure
        : undefined;
  return { failure, ended, alive: isAlive(worker.pid) || isGroupAlive(worker.pid) };
}

/** Whether a process of the group is there; one that only waits to be reaped counts as gone. */
function isGroupAlive(group: number): boolean {
  return host.files
    .list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      const [state, , processGroup] =
        host.files
          .tryReadText(`/proc/${pid}/stat`)
          ?.replace(/^.*\) /s, '')
          .split(' ') ?? [];
      return Number(processGroup) === group && state !== 'Z' && state !== 'X';
    });
}

/** Our own words come in every language, those of a Python worker in English. */
const endedBy = (signal: string): Words => ({
  en: `the worker was ended by ${signal}`,
  ja: `ワーカーが ${signal} で終わらされました`,
});

describe.skipIf(probe.status !== 0)('a Python worker', () => {
  it.each([
    ['library', 'engine-error', 'ImportError: libcudart.so.12: cannot open shared object file', 'graceful'],
    ['segfault', 'crash', endedBy('SIGSEGV'), 'killed'],
    ['killed', 'crash', endedBy('SIGKILL'), 'killed'],
    ['address-space', 'out-of-memory', 'MemoryError', 'graceful'],
  ])('whose load meets %s is a failure with its cause', async (fault, cause, message, ended) => {
    const outcome = await loadWith(fault);
    expect(outcome.failure).toMatchObject({ cause, message });
    expect([outcome.ended, outcome.alive]).toEqual([ended, false]);
  });

  it('that crashes at its exit has given its results, and is recorded as killed', async () => {
    expect(await loadWith('segfault-at-exit')).toEqual({ failure: undefined, ended: 'killed', alive: false });
  });

  it('that leaves a child behind ends with it', async () => {
    expect(await loadWith('child')).toEqual({ failure: undefined, ended: 'graceful', alive: false });
  });
});
