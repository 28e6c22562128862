/** Parts on what Hayasa itself costs; each program runs in a process of its own, so that its peak of memory is its own. */

import type { Host } from '../../src/host/host.ts';
import { machineGauges } from '../../src/machine/gauges.ts';
import { runProgram } from '../child.ts';
import { MODULES_FOLDER } from '../result.ts';
import { folderBytes } from './disk-size.ts';
import { benchHarness } from './harness.ts';

type Say = (line: string) => void;

/** Part `files`: the graph of the 3.6b shape, a synthetic checkpoint beside a plain write, the size of node_modules. */
export async function benchFiles(host: Host, say: Say): Promise<object> {
  return withNoise(host, async () => ({
    graph36b: await step(say, 'graph', runProgram(host, 'graph-size.js')),
    writes: [
      await write(host, say, 'plain'),
      await write(host, say, 'synthetic'),
      await write(host, say, 'synthetic'),
      await write(host, say, 'plain'),
    ],
    nodeModulesBytes: folderBytes(host.files, MODULES_FOLDER),
  }));
}

/** Part `overhead`: planning, the run loop, and the harness's CPU during timed regions. */
export async function benchOverhead(host: Host, say: Say): Promise<object> {
  return withNoise(host, async () => ({
    plan: await step(say, 'plan', runProgram(host, 'plan.js')),
    runLoop: await step(say, 'run loop', runProgram(host, 'run-loop.js')),
    timedRegions: await step(say, 'timed regions', benchHarness(host)),
  }));
}

async function step<T>(say: Say, name: string, work: Promise<T>): Promise<T> {
  const result = await work;
  say(`${name}: ${JSON.stringify(result)}`);
  return result;
}

/** What others did meanwhile cannot be told from the programs' own work here: only steal and pressure are kept. */
async function withNoise(host: Host, work: () => Promise<object>): Promise<object> {
  const end = machineGauges(host).openNoiseWindow(undefined);
  const result = await work();
  const { window_ns, stealShare, cpuPressureShare, ioPressureShare } = end();
  return { ...result, noise: { window_ns, stealShare, cpuPressureShare, ioPressureShare } };
}

/** A disk's speed changes with what was written just before, so each way comes first and last once. */
const write = (host: Host, say: Say, way: 'plain' | 'synthetic'): Promise<unknown> =>
  step(say, `${way} write`, runProgram(host, 'checkpoint.js', way));
