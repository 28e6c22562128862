/**
 * Part `conversion`: what it takes to make a checkpoint ready for ONNX Runtime, by optimum's export and by our own graph:
 * the first load into an empty cache, in a worker of its own. A load that fails (out of memory, disk) is a result.
 */
import { join } from 'node:path';
import { engineDeclaration } from '../../src/engines/declarations.ts';
import { createExecutor } from '../../src/executors/registry.ts';
import type { Host } from '../../src/host/host.ts';
import { presetOf } from '../../src/models/presets.ts';
import { ensureSyntheticCheckpoint } from '../../src/models/synthetic/ensure.ts';
import type { LoadRequest } from '../../src/protocol/frames.ts';
import { threadEnvironment } from '../../src/run/launch-request.ts';
import type { BenchOptions } from '../options.ts';

const PRESETS = ['open-calm-small', 'open-calm-1b', 'japanese-gpt-neox-3.6b'];
const ENGINES = ['onnxruntime', 'optimum-onnxruntime'];
const DTYPES = ['F32', 'F16'] as const;
const DEADLINE_MS = 1_800_000;
const POLL_MS = 100;

/** `--only` names presets; all of them without it. */
export async function benchConversion(
  host: Host,
  options: BenchOptions,
  say: (line: string) => void,
  save: (result: object) => void,
): Promise<object> {
  const conversions: object[] = [];
  for (const preset of PRESETS.filter((one) => options.only.length === 0 || options.only.includes(one))) {
    for (const dtype of DTYPES) {
      const modelPath = ensureSyntheticCheckpoint(host, preset, 0, dtype);
      for (const engine of ENGINES) {
        const result = {
          preset,
          dtype,
          engine,
          ...(await firstLoad(host, engine, modelPath, preset, options)),
        };
        say(JSON.stringify(result));
        conversions.push(result);
        save({ conversions });
      }
    }
  }
  return { conversions };
}

/** The cache of this load is removed afterwards. @returns figures, or the failure with the peak up to it */
async function firstLoad(
  host: Host,
  engine: string,
  modelPath: string,
  preset: string,
  { threads }: BenchOptions,
): Promise<object> {
  const declaration = engineDeclaration(engine);
  if (declaration === undefined) throw new RangeError(`unknown engine ${engine}`);
  const cacheFolder = join(host.system.cacheFolder, 'bench', 'conversion');
  host.files.remove(cacheFolder);
  const started = await createExecutor('local', host).start({
    declaration,
    environment: threadEnvironment(threads),
    startDeadline_ms: DEADLINE_MS,
  });
  if (started.kind === 'failed') return { failure: started.failure };
  const handle = started.value;
  let peakResidentBytes = 0;
  const timer = setInterval(() => {
    const status = host.files.tryReadText(`/proc/${handle.pid ?? 0}/status`) ?? '';
    peakResidentBytes = Math.max(peakResidentBytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
  }, POLL_MS);
  const start_ns = host.clock.monotonic_ns();
  const request: Omit<LoadRequest, 'kind' | 'id'> = {
    modelPath,
    precision: 'fp32',
    options: declaration.options.parse({}) as LoadRequest['options'],
    threads,
    device: 'cpu',
    cacheFolder,
    limits: { slots: 1, positionsPerSlot: Math.min(128, presetOf(preset).shape.maximumPositions) },
  };
  const loaded = await handle.load(request, DEADLINE_MS);
  clearInterval(timer);
  const load_s = Number(host.clock.monotonic_ns() - start_ns) / 1e9;
  await handle.stop();
  host.files.remove(cacheFolder);
  if (loaded.kind === 'failed') return { load_s, peakResidentBytes, failure: loaded.failure };
  const { stages, cacheBytesWritten } = loaded.value;
  const seconds = stages.map(({ name, start_ns: from, end_ns: to }) => [name, (to - from) / 1e9]);
  return { load_s, stages_s: Object.fromEntries(seconds) as object, cacheBytesWritten, peakResidentBytes };
}
