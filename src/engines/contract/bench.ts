/** The bench that cases of the contract work on: workers of one engine, one synthetic model, the slow reference. */
import { join } from 'node:path';
import type { Executor, WorkerHandle } from '../../executors/executor.ts';
import type { Host } from '../../host/host.ts';
import { openCheckpoint } from '../../models/checkpoint/open.ts';
import type { PrecisionName } from '../../models/precision.ts';
import { presetOf } from '../../models/presets.ts';
import { loadReference } from '../../models/reference/decoder.ts';
import { referenceGenerate } from '../../models/reference/generate.ts';
import { ensureSyntheticCheckpoint } from '../../models/synthetic/ensure.ts';
import type { EngineDeclaration } from '../declaration.ts';
import { AMPLE_LOAD_MS, AMPLE_MS, type Bench, expectOk } from './case.ts';

const PRESET = 'tiny';
const SEED = 11;
const THREADS = 2;
const SLOTS = 16;

export interface BenchInit {
  readonly host: Host;
  readonly executor: Executor;
  readonly declaration: EngineDeclaration;
  readonly engineVersion?: string | undefined;
  /** Default: `cpu`. */
  readonly device?: string;
  /** Options that differ from their defaults. */
  readonly options?: Readonly<Record<string, string | number | boolean>> | undefined;
}

export interface ClosableBench extends Bench {
  /** Stops every worker that a case left running. */
  close(): Promise<void>;
}

/** Its files (checkpoint, engine caches, logits) go to the host's cache folder. */
export function createBench({
  host,
  executor,
  declaration,
  engineVersion,
  device = 'cpu',
  options = {},
}: BenchInit): ClosableBench {
  const { cacheFolder } = host.system;
  const { shape } = presetOf(PRESET);
  const modelPath = ensureSyntheticCheckpoint(host, PRESET, SEED, 'F32');
  const checkpoint = openCheckpoint(host.files, modelPath);
  const reference = loadReference(host.files, checkpoint);
  const defaults = declaration.options.parse(options) as Record<string, string | number | boolean>;
  const started: WorkerHandle[] = [];
  const shared = new Map<PrecisionName, WorkerHandle>();

  const fresh = async (): Promise<WorkerHandle> => {
    const spec = { declaration, engineVersion, environment: {}, startDeadline_ms: AMPLE_MS };
    const handle = expectOk(await executor.start(spec), 'start');
    started.push(handle);
    return handle;
  };
  const loadRequest: Bench['loadRequest'] = (precision) => ({
    modelPath,
    precision,
    options: defaults,
    threads: THREADS,
    device,
    cacheFolder,
    limits: { slots: SLOTS, positionsPerSlot: shape.maximumPositions },
  });
  return {
    declaration,
    shape,
    fresh,
    loadRequest,
    loaded: async (precision) => {
      const known = shared.get(precision);
      if (known !== undefined && (await answers(known))) return known;
      const handle = await fresh();
      expectOk(await handle.load(loadRequest(precision), AMPLE_LOAD_MS), `load as ${precision}`);
      shared.set(precision, handle);
      return handle;
    },
    reference: (prompt, count) => referenceGenerate(host.files, checkpoint, prompt, count, reference),
    scratchFile: (name) => join(cacheFolder, 'scratch', name),
    close: async () => {
      await Promise.all(started.map((handle) => handle.stop()));
    },
  };
}

/** Whether a shared worker is still there: one token costs next to nothing. */
async function answers(handle: WorkerHandle): Promise<boolean> {
  const outcome = await handle.generate({
    prompts: [[1]],
    depthTokens: 0,
    outputTokens: [1],
    batching: 'static',
    slots: 1,
    stopTokens: [],
    deadline_ms: AMPLE_MS,
  });
  return outcome.kind === 'ok';
}
