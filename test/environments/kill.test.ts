/** An installer whose Hayasa is killed outright ends with it: nothing goes on downloading. */
import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';
import { realHost } from '../../src/host/real-host.ts';
import { childProgram, startChild } from '../support/child.ts';
import { isAlive } from '../support/local-worker.ts';

const probe = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });

/** Runs what an install step runs; a helper of it prints the process id that it has. */
const PROGRAM = childProgram(
  { endingWithParent: 'environments/installer.js', runProcess: 'host/run-process.js' },
  `const command = endingWithParent(${JSON.stringify(probe.stdout.trim())}, { command: 'sh', args: ['-c', 'sh -c "echo \\$\\$; exec sleep 1000"; true'] });
   await runProcess({ ...command, environment: process.env }, { onOutput: (text) => process.stdout.write(text) });`,
);

describe.skipIf(probe.status !== 0)('an installer whose parent', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)('is ended by %s ends too', async (signal) => {
    const { child, line } = await startChild(PROGRAM);
    child.kill(signal);
    const { clock } = realHost();
    while (isAlive(Number(line))) await clock.sleep(10);
  });
});
