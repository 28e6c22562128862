/**
 * Part `conversion`: what it takes to make a checkpoint ready for ONNX Runtime, by optimum's export and by our own graph:
 * the first load into an empty cache, in a worker of its own. A load that fails (out of memory, a graph that is refused,
 * a full disk) is a result, with the stages, the bytes and the peak of memory up to there.
 */
import { join } from 'node:path';
import { engineDeclaration } from '../../src/engines/declarations.ts';
import { createExecutor } from '../../src/executors/registry.ts';
import type { Host } from '../../src/host/host.ts';
import { presetOf } from '../../src/models/presets.ts';
import { ensureSyntheticCheckpoint } from '../../src/models/synthetic/ensure.ts';
import type { LoadStages } from '../../src/protocol/conversion.ts';
import type { Failure } from '../../src/protocol/failure.ts';
import type { LoadRequest } from '../../src/protocol/frames.ts';
import { launchEnvironment } from '../../src/run/launch-request.ts';
import type { BenchOptions } from '../options.ts';

const PRESETS = ['open-calm-small', 'open-calm-1b', 'japanese-gpt-neox-3.6b'];
const DEADLINE_MS = 1_800_000;
const POLL_MS = 100;

interface Conversion {
  /** Of the checkpoint's files. */
  readonly dtype: 'F32' | 'F16';
  readonly engine: string;
  readonly precision: 'fp32' | 'fp16';
}

/** optimum makes float32 of any file unless float16 is asked for (`--dtype fp16`), as its users do of float16 files. */
const CONVERSIONS: readonly Conversion[] = (['F32', 'F16'] as const).flatMap((dtype) => [
  { dtype, engine: 'onnxruntime', precision: 'fp32' },
  { dtype, engine: 'optimum-onnxruntime', precision: 'fp32' },
  ...(dtype === 'F16' ? [{ dtype, engine: 'optimum-onnxruntime', precision: 'fp16' } as const] : []),
]);

/** The first load of one conversion, in seconds and bytes. */
export interface ConversionResult extends Conversion {
  readonly preset: string;
  /** `loaded`, or why not. */
  readonly outcome: string;
  readonly load_s?: number;
  /** Of the worker's process. */
  readonly peakResidentBytes?: number;
  readonly stages_s?: Readonly<Record<string, number>>;
  readonly cacheBytesWritten?: number;
  readonly failure?: Omit<Failure, 'partialLoad'>;
}

type FirstLoad = Omit<ConversionResult, 'preset' | keyof Conversion>;

/** `--only` names presets; all of them without it. */
export async function benchConversion(
  host: Host,
  options: BenchOptions,
  say: (line: string) => void,
  save: (result: { conversions: readonly ConversionResult[] }) => void,
): Promise<{ conversions: readonly ConversionResult[] }> {
  const conversions: ConversionResult[] = [];
  for (const preset of PRESETS.filter((one) => options.only.length === 0 || options.only.includes(one))) {
    for (const conversion of CONVERSIONS) {
      const modelPath = ensureSyntheticCheckpoint(host, preset, 0, conversion.dtype);
      const loaded = await firstLoad(host, conversion, modelPath, preset, options);
      const result = { preset, ...conversion, ...loaded };
      say(JSON.stringify(result));
      conversions.push(result);
      save({ conversions });
    }
  }
  return { conversions };
}

/** The cache of this load is removed before and afterwards. */
async function firstLoad(
  host: Host,
  { engine, precision }: Conversion,
  modelPath: string,
  preset: string,
  { threads }: BenchOptions,
): Promise<FirstLoad> {
  const declaration = engineDeclaration(engine);
  if (declaration === undefined) throw new RangeError(`unknown engine ${engine}`);
  const options = declaration.options.parse({}) as LoadRequest['options'];
  const cacheFolder = join(host.system.cacheFolder, 'bench', 'conversion');
  host.files.remove(cacheFolder);
  const started = await createExecutor('local', host).start({
    declaration,
    environment: launchEnvironment(declaration, { threads, options }),
    startDeadline_ms: DEADLINE_MS,
  });
  if (started.kind === 'failed') return { outcome: 'not-started', failure: started.failure };
  const handle = started.value;
  let peakResidentBytes = 0;
  const timer = setInterval(() => {
    const status = host.files.tryReadText(`/proc/${handle.pid ?? 0}/status`) ?? '';
    peakResidentBytes = Math.max(peakResidentBytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
  }, POLL_MS);
  const start_ns = host.clock.monotonic_ns();
  const request: Omit<LoadRequest, 'kind' | 'id'> = {
    modelPath,
    precision,
    options,
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
  if (loaded.kind === 'ok') {
    return { outcome: 'loaded', load_s, peakResidentBytes, ...figures(loaded.value) };
  }
  const { partialLoad, ...failure } = loaded.failure;
  // A worker that the kernel ended says nothing of its stages.
  const done = partialLoad === undefined ? {} : figures(partialLoad);
  return { outcome: failure.cause, load_s, peakResidentBytes, ...done, failure };
}

const figures = ({ stages, cacheBytesWritten }: LoadStages): Omit<FirstLoad, 'outcome'> => ({
  stages_s: Object.fromEntries(stages.map(({ name, start_ns, end_ns }) => [name, (end_ns - start_ns) / 1e9])),
  cacheBytesWritten,
});
