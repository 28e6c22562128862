/** A controller that is killed leaves no worker behind, whatever the worker is doing. */
import { describe, expect, it } from 'vitest';
import { realHost } from '../../src/host/real-host.ts';
import { childProgram, startChild } from '../support/child.ts';
import { isAlive } from '../support/local-worker.ts';

/** Starts a sim worker, makes it compute something that never ends, prints its pid. */
const program = (fault: string, ending: string): string =>
  childProgram(
    {
      createExecutor: 'executors/registry.js',
      simDeclaration: 'engines/sim/declaration.js',
      realHost: 'host/real-host.js',
    },
    `
    const started = await createExecutor('local', realHost())
      .start({ declaration: simDeclaration, environment: {}, startDeadline_ms: 30000 });
    const handle = started.value;
    await handle.load({ modelPath: '/nowhere', precision: 'fp32', threads: 1, device: 'cpu', cacheFolder: '/nowhere',
      limits: { slots: 1, positionsPerSlot: 8 }, options: { load_ns: 0, fault: '${fault}' } }, 30000);
    void handle.generate({ prompts: [[1]], depthTokens: 0, outputTokens: [1], batching: 'static', slots: 1,
      stopTokens: [], deadline_ms: 600000 });
    console.log(handle.pid);
    ${ending}`,
  );

async function gone(pid: number): Promise<void> {
  const { clock } = realHost();
  while (isAlive(pid)) await clock.sleep(10);
}

describe('a worker whose controller', () => {
  it('was killed ends, though its engine does not listen', async () => {
    const { child, line } = await startChild(program('deaf', 'setInterval(() => {}, 1000);'));
    expect(isAlive(Number(line))).toBe(true);
    child.kill('SIGKILL');
    await gone(Number(line));
  });

  it('was terminated ends', async () => {
    const { child, line } = await startChild(program('hang', 'setInterval(() => {}, 1000);'));
    child.kill('SIGTERM');
    await gone(Number(line));
  });

  it('exits without stopping it ends', async () => {
    const { line } = await startChild(program('deaf', 'setTimeout(() => process.exit(0), 50);'));
    await gone(Number(line));
  });
});
