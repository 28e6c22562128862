/** The llama-cpp engine in the compute thread: load, generate, score over libllama. */

import { relative } from 'node:path';
import type { Host } from '../../host/host.ts';
import { same, type Words } from '../../kernel/language.ts';
import { cpusToPin } from '../../native/affinity.ts';
import { adviseHugePages } from '../../native/huge-pages.ts';
import { type LlamaLibrary, openLlama } from '../../native/llama/library.ts';
import { type LlamaModel, loadModel } from '../../native/llama/model.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { GenerateRequest, Loaded, LoadRequest } from '../../protocol/frames.ts';
import type { ComputeContext, CreateEngine, WorkerEngine } from '../../worker/engine.ts';
import { type ContextPool, contextPool } from './context-pool.ts';
import { effectivePrecision, effectiveSettings } from './effective.ts';
import { generate } from './generation.ts';
import { gpuLibraries } from './gpu-libraries.ts';
import { modelFile } from './model-source.ts';
import { type LlamaCppOptions, llamaCppOptions } from './options.ts';
import { cacheTypeOf, type LlamaPrecision, llamaPrecision } from './precisions.ts';
import { generationPositions, scorePositions, slotsOf } from './request-check.ts';
import { score } from './scoring.ts';

/** Rows of logits that a score takes at once: more would need memory, fewer would compute slowly. */
const SCORE_ROWS = 64;

interface Ready {
  readonly model: LlamaModel;
  readonly pool: ContextPool;
  readonly options: LlamaCppOptions;
  readonly limits: { readonly vocabularySize: number; readonly maximumPositions: number };
}

export const createEngine: CreateEngine = (host, version) => {
  const library = openLlama(host, gpuLibraries(host, version));
  let ready: Ready | undefined;
  const unload = (): void => {
    ready?.pool.free();
    ready?.model.free();
    ready = undefined;
  };
  const engine: WorkerEngine = {
    versions: () => ({
      llamaCpp: library.version,
      llamaCppPackage: library.packageVersion,
      llamaCppCpuLibrary: library.variant.name,
      ...(library.build === 'cpu' ? {} : { llamaCppBuild: library.build }),
    }),
    load(request, context) {
      unload();
      const { loaded, ready: now } = load(host, library, request, context);
      ready = now;
      return loaded;
    },
    generate(request, context) {
      const { model, pool, limits, options } = loadedOf(ready);
      const positions = generationPositions(request, limits, options.finishedRows);
      const slots = slotsOf(request);
      const { llama, batch } = pool.take({
        sequences: slots,
        positions,
        outputs: slots,
        tokens: mostPrefilled(request, slots),
        timers: request.engineTimers === true,
      });
      batch.clear();
      const { finishedRows } = options;
      const parts = { llama, batch, vocabularySize: model.vocabularySize, slots, finishedRows, context };
      try {
        return generate(request, parts);
      } finally {
        llama.rest();
      }
    },
    score(request, context) {
      const { model, pool, limits } = loadedOf(ready);
      const positions = scorePositions(request, limits);
      const { llama, batch } = pool.take({
        sequences: 1,
        positions,
        outputs: SCORE_ROWS,
        tokens: SCORE_ROWS,
        timers: false,
      });
      const parts = { files: host.files, llama, batch, vocabularySize: model.vocabularySize, context };
      try {
        return score(request, parts);
      } finally {
        llama.rest();
      }
    },
    unload() {
      unload();
      library.close();
    },
  };
  return engine;
};

function loadedOf(ready: Ready | undefined): Ready {
  if (ready !== undefined) return ready;
  throw new FailureError({
    cause: 'engine-error',
    message: { en: 'no model is loaded', ja: 'モデルがロードされていません' },
  });
}

/** Most tokens that are put into the cache together: whole prompts, and the depth before them. */
function mostPrefilled(request: GenerateRequest, slots: number): number {
  const lengths = request.prompts.map((prompt) => Math.max(prompt.length, request.depthTokens));
  lengths.sort((a, b) => b - a);
  return Math.max(
    slots,
    lengths.slice(0, slots).reduce((sum, length) => sum + length, 0),
  );
}

function load(
  host: Host,
  library: LlamaLibrary,
  request: LoadRequest,
  context: ComputeContext,
): { loaded: Loaded; ready: Ready } {
  const { precision, options, gpu } = askedOf(request, library);
  const cpus = options.pinThreads ? cpusToPin(host.files, request.threads) : [];
  const start_ns = context.now_ns();
  const file = modelFile(host, request, precision, (fraction) => context.progress('convert', fraction));
  const converted_ns = context.now_ns();
  const model = loadModel(library, file.path, {
    mmap: options.mmap,
    repack: options.repack,
    ...(gpu === undefined ? {} : { gpu }),
  });
  const loaded_ns = context.now_ns();
  const hugePageBytes = options.hugePages ? adviseHugePages(host) : 0;
  const advised_ns = context.now_ns();
  const cacheType = cacheTypeOf(options, precision);
  const pool = contextPool({ library, model, options, cacheType, threads: request.threads, cpus });
  try {
    // The smallest context shows what llama.cpp makes of the options.
    const { llama } = pool.take({
      sequences: 1,
      positions: 1,
      outputs: 1,
      tokens: options.ubatch,
      timers: false,
    });
    const created_ns = context.now_ns();
    const { threads } = llama.effective;
    const stage = (name: string, from: number, to: number) => ({ name, start_ns: from, end_ns: to });
    return {
      ready: {
        model,
        pool,
        options,
        limits: { vocabularySize: model.vocabularySize, maximumPositions: model.trainedPositions },
      },
      loaded: {
        effective: {
          precision: effectivePrecision(model.fileType, cacheType),
          threads,
          settings: {
            ...effectiveSettings(library, model, options, cacheType, llama.effective, request.device),
            hugePages: options.hugePages,
            hugePageBytes,
            ...(cpus.length === 0 ? {} : { pinnedToCpus: cpus.join(' ') }),
          },
        },
        stages: [
          ...(file.isConverted ? [stage('convert', start_ns, converted_ns)] : []),
          stage('load-model', converted_ns, loaded_ns),
          ...(options.hugePages ? [stage('huge-pages', loaded_ns, advised_ns)] : []),
          stage('create-context', advised_ns, created_ns),
        ],
        cacheBytesWritten: file.bytesWritten,
        ...(file.isConverted ? { cacheEntries: [relative(request.cacheFolder, file.path)] } : {}),
      },
    };
  } catch (error) {
    pool.free();
    model.free();
    throw error;
  }
}

interface Asked {
  readonly precision: LlamaPrecision;
  readonly options: LlamaCppOptions;
  /** Index of the GPU; undefined on the CPU. */
  readonly gpu: number | undefined;
}

function askedOf(request: LoadRequest, library: LlamaLibrary): Asked {
  const precision = llamaPrecision(request.precision);
  if (precision === undefined)
    throw unsupported({
      en: `llama.cpp has no ${request.precision}`,
      ja: `llama.cpp に ${request.precision} はありません`,
    });
  const [kind, index] = request.device.split(':');
  if (kind !== library.build) {
    throw unsupported({
      en: `device ${request.device}: the libraries compute on ${library.build} only`,
      ja: `装置 ${request.device}: ライブラリは ${library.build} でしか計算しません`,
    });
  }
  const gpu = kind === 'cpu' ? undefined : Number(index ?? 0);
  if (gpu !== undefined && gpu >= library.gpuDevices) {
    throw unsupported({
      en: `device ${request.device}: there are ${library.gpuDevices}, counted from 0`,
      ja: `装置 ${request.device}: ${library.gpuDevices} 個あり、0 から数えます`,
    });
  }
  const options = llamaCppOptions.safeParse(request.options);
  if (!options.success)
    throw unsupported(same(`options: ${options.error.issues[0]?.message ?? 'do not parse'}`));
  return { precision, options: options.data, gpu };
}

const unsupported = (message: Words): FailureError => new FailureError({ cause: 'unsupported', message });
