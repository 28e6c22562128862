/** Loading: checkpoint, graph, quantised weights where the precision needs them, session; each a named stage. */
import { dirname, relative } from 'node:path';
import type { Host } from '../../host/host.ts';
import { weightFormatOf } from '../../models/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../models/checkpoint/open.ts';
import { type GraphVariant, tablePositions } from '../../models/onnx/variant.ts';
import { type PreparedGraph, prepareGraph } from '../../models/onnx/work-folder.ts';
import type { PrecisionName } from '../../models/precision.ts';
import { cpusToPin, pinCallingThread } from '../../native/affinity.ts';
import { adviseHugePages } from '../../native/huge-pages.ts';
import type { OrtRuntime, OrtSession } from '../../native/onnxruntime/runtime.ts';
import { DEFAULT_SESSION_OPTIONS, type SessionOptions } from '../../native/onnxruntime/session.ts';
import type { Loaded, LoadRequest } from '../../protocol/frames.ts';
import type { ComputeContext } from '../../worker/engine.ts';
import type { LoadedModel } from './model.ts';
import { type OnnxruntimeOptions, onnxruntimeOptions } from './options.ts';
import { effectivePrecision, graphVariant, prefillVariant } from './precisions.ts';
import { stageRecorder } from './stages.ts';

type Prepared = PreparedGraph & { readonly variant: GraphVariant };

/**
 * @param profilePrefix where the profile is written when the session is released; without it nothing is profiled
 * @throws HayasaError for a bad checkpoint or a disk error, OrtError where the session cannot be made
 */
export function loadModel(
  host: Host,
  runtime: OrtRuntime,
  request: LoadRequest,
  context: ComputeContext,
  profilePrefix?: string,
): { readonly model: LoadedModel; readonly loaded: Loaded } {
  const options = onnxruntimeOptions.parse(request.options);
  const precision = request.precision as PrecisionName;
  const stages = stageRecorder(context);

  stages.begin('open-checkpoint');
  const checkpoint = openCheckpoint(host.files, request.modelPath);
  const { maximumPositions } = checkpoint.shape;
  const positions = tablePositions(maximumPositions, request.limits.positionsPerSlot);
  const prepare = (variant: GraphVariant): Prepared => {
    const own = { ...variant, ...(positions === undefined ? {} : { positions }) };
    const observer = { stage: stages.begin, progress: context.progress };
    return { variant: own, ...prepareGraph(host.files, checkpoint, own, request.cacheFolder, observer) };
  };
  const prepared = prepare(graphVariant(precision, options));
  const forPrefill = prefillVariant(precision, options);
  const prefill = forPrefill === undefined ? undefined : prepare(forPrefill);
  const graphs = prefill === undefined ? [prepared] : [prepared, prefill];
  stages.begin('create-session');
  const cpus = options.pinThreads ? cpusToPin(host.files, request.threads) : [];
  const [ownCpu] = cpus;
  if (ownCpu !== undefined) pinCallingThread(ownCpu);
  const common = sessionOptions(request.threads, options, cpus);
  // A profile is of one graph: that of decoding.
  const session = runtime.createSession(
    { path: prepared.path },
    { ...common, ...(profilePrefix === undefined ? {} : { profilePrefix }) },
  );
  const prefillSession =
    prefill === undefined ? undefined : sessionBeside(session, runtime, prefill.path, common);
  if (options.hugePages) stages.begin('huge-pages');
  const hugePageBytes = options.hugePages ? adviseHugePages(host) : 0;
  return {
    model: {
      runtime,
      session,
      ...(prefillSession === undefined ? {} : { prefillSession }),
      shape: checkpoint.shape,
      variant: prepared.variant,
      kvCache: options.kvCache,
      promptPadding: options.promptPadding,
    },
    loaded: {
      effective: {
        precision: effectivePrecision(precision, options),
        threads: request.threads,
        settings: {
          ...settingsOf(precision, options),
          storedWeights: weightFormatOf(checkpoint.dtype),
          weightFiles: prepared.weightFiles,
          graphBytes: prepared.graphBytes + (prefill?.graphBytes ?? 0),
          hugePageBytes,
          ...(cpus.length === 0 ? {} : { pinnedToCpus: cpus.join(' ') }),
        },
      },
      stages: stages.finish(),
      cacheBytesWritten: prepared.bytesWritten + (prefill?.bytesWritten ?? 0),
      cacheEntries: graphs.map(({ path }) => relative(request.cacheFolder, dirname(path))),
    },
  };
}

/**
 * The library's defaults except where an option says otherwise.
 * @param cpus one for each thread, the caller's first (the library leaves that one alone); empty: none is pinned
 */
export function sessionOptions(
  threads: number,
  options: OnnxruntimeOptions,
  cpus: readonly number[] = [],
): SessionOptions {
  return {
    ...DEFAULT_SESSION_OPTIONS,
    threads,
    graphOptimisation: options.graphOptimisation,
    prepacking: options.prepacking,
    spinning: options.spinning,
    // The library counts CPUs from 1 and names one for each of its own threads.
    ...(cpus.length < 2
      ? {}
      : {
          config: {
            'session.intra_op_thread_affinities': cpus
              .slice(1)
              .map((cpu) => cpu + 1)
              .join(';'),
          },
        }),
  };
}

/**
 * Each session has threads of its own: those of this one stop waiting in a busy loop when a run ends, since decoding
 * needs the CPUs. @throws OrtError, with `session` released
 */
function sessionBeside(
  session: OrtSession,
  runtime: OrtRuntime,
  path: string,
  options: SessionOptions,
): OrtSession {
  const config = { ...options.config, 'session.force_spinning_stop': '1' };
  try {
    return runtime.createSession({ path }, { ...options, config });
  } catch (error) {
    session.release();
    throw error;
  }
}

/** Switches that had an effect: those of other precisions are left out. */
function settingsOf(precision: PrecisionName, options: OnnxruntimeOptions) {
  const { accuracyLevel, prefillWeights, groupSize: _, kvCacheFormat: __, ...always } = options;
  return precision === 'w8' || precision === 'w4' ? { ...always, accuracyLevel, prefillWeights } : always;
}
