/**
 * optimum's export where it cannot succeed: under a limit on the address space of the exporting process, and in float16,
 * whose graph ONNX Runtime refuses on a CPU. Both are recorded outcomes that say how far the load came.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AMPLE_LOAD_MS, AMPLE_MS, expectOk } from '../../src/engines/contract/case.ts';
import { loadAdapter } from '../../src/engines/load-adapter.ts';
import { optimumOnnxruntimeDeclaration as declaration } from '../../src/engines/optimum-onnxruntime/declaration.ts';
import { createExecutor } from '../../src/executors/registry.ts';
import type { Host } from '../../src/host/host.ts';
import { realHost } from '../../src/host/real-host.ts';
import { type Preset, presetOf, withLayers } from '../../src/models/presets.ts';
import { ensureSyntheticCheckpoint } from '../../src/models/synthetic/ensure.ts';
import { failureWords } from '../../src/protocol/failure.ts';
import { isAlive } from '../support/local-worker.ts';

const real = realHost();
const health = await (await loadAdapter(declaration)).health(real);
const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;

let host: Host = real;
beforeAll(() => {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'hayasa-export-'));
  host = { ...real, system: { ...real.system, cacheFolder } };
});
afterAll(() => rmSync(host.system.cacheFolder, { recursive: true, force: true }));

/** A first load in a worker of its own; `atStage` is called as each stage begins. */
async function firstLoad(
  preset: Preset,
  dtype: 'F32' | 'F16',
  precision: 'fp32' | 'fp16',
  atStage: (stage: string, pid: number) => void = () => undefined,
) {
  const modelPath = ensureSyntheticCheckpoint(host, preset, 0, dtype);
  const spec = { declaration, environment: {}, startDeadline_ms: AMPLE_MS };
  const handle = expectOk(await createExecutor('local', host).start(spec), 'start');
  const pid = handle.pid ?? 0;
  const { cacheFolder } = host.system;
  const limits = { slots: 1, positionsPerSlot: 64 };
  const loaded = await handle.load(
    { modelPath, precision, options: {}, threads: 2, device: 'cpu', cacheFolder, limits },
    AMPLE_LOAD_MS,
    (stage) => atStage(stage, pid),
  );
  const { ended } = await handle.stop();
  if (loaded.kind === 'ok') throw new Error('it loaded');
  const { partialLoad } = loaded.failure;
  return {
    failure: loaded.failure,
    stages: partialLoad?.stages.map(({ name }) => name),
    cacheBytesWritten: partialLoad?.cacheBytesWritten,
    ended,
    alive: isAlive(pid),
  };
}

/** Takes the process's address space as it is now, and what `spareBytes` adds to it, for its limit. */
function limitAddressSpace(pid: number, spareBytes: number): void {
  const status = real.files.readText(`/proc/${pid}/status`);
  const bytes = Number(/VmSize:\s+(\d+)/.exec(status)?.[1]) * 1024 + spareBytes;
  const { status: code, stderr } = spawnSync('prlimit', [`--pid=${pid}`, `--as=${bytes}`], {
    encoding: 'utf8',
  });
  if (code !== 0) throw new Error(stderr);
}

describe.skipIf(health.kind !== 'ready')("optimum's export", () => {
  it.skipIf(!hasPrlimit)(
    'that runs out of memory is that outcome, keeps nothing in the cache and leaves no process',
    { timeout: AMPLE_LOAD_MS },
    async () => {
      const preset = withLayers(presetOf('open-calm-small'), 2);
      const outcome = await firstLoad(preset, 'F32', 'fp32', (stage, pid) => {
        if (stage === 'convert') limitAddressSpace(pid, 600 * 2 ** 20);
      });
      expect(outcome.failure).toMatchObject({ cause: 'out-of-memory' });
      expect(outcome).toMatchObject({
        stages: ['import', 'convert'],
        cacheBytesWritten: expect.any(Number),
        ended: 'graceful',
        alive: false,
      });
      expect(readdirSync(join(host.system.cacheFolder, 'optimum-onnxruntime'))).toEqual([]);
    },
  );

  it('in float16 is measured, and the refusal of its graph is the outcome', {
    timeout: AMPLE_LOAD_MS,
  }, async () => {
    const outcome = await firstLoad(presetOf('tiny'), 'F16', 'fp16');
    expect(outcome.failure.cause).toBe('unsupported');
    expect(failureWords(outcome.failure).en).toMatch(
      /^unsupported: ONNX Runtime refuses the graph that optimum exported: .*LayerNormalization/s,
    );
    // The exporter opens the graph with ONNX Runtime itself, when its files are written.
    expect(outcome.stages).toEqual(['import', 'convert']);
    expect(outcome.cacheBytesWritten).toBeGreaterThan(100_000);
  });
});
