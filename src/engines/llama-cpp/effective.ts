/** What llama.cpp really did, for the record. */
import type { GgufType } from '../../models/gguf/tensor-types.ts';
import type { EffectiveContext } from '../../native/llama/context.ts';
import type { LlamaLibrary } from '../../native/llama/library.ts';
import type { LlamaModel } from '../../native/llama/model.ts';
import type { Effective } from '../../protocol/frames.ts';
import type { CacheType, LlamaCppOptions } from './options.ts';
import { kvCacheFormats, llamaPrecisions } from './precisions.ts';

/** llama.cpp's names of the file types that Hayasa knows exactly. */
const knownFileTypes: Readonly<Record<string, GgufType>> = {
  'all F32': 'f32',
  F16: 'f16',
  Q8_0: 'q8_0',
  Q4_0: 'q4_0',
};

/** The precision that a file's type means; K-quants and others are `mixed`, multiplied with activations in int8. */
export function effectivePrecision(fileType: string, cacheType: CacheType): Effective['precision'] {
  const type = knownFileTypes[fileType];
  const known = llamaPrecisions.find((entry) => entry.type === type);
  const kvCache = kvCacheFormats[cacheType];
  return known === undefined
    ? { weights: 'mixed', activations: 'int8', kvCache, compute: 'int32' }
    : { ...known.effective, kvCache };
}

/** The same for every context of the launch. */
export function effectiveSettings(
  library: LlamaLibrary,
  model: LlamaModel,
  options: LlamaCppOptions,
  cacheType: CacheType,
  context: EffectiveContext,
  device: string,
): Effective['settings'] {
  return {
    build: library.build,
    device,
    ...(library.build === 'cpu' ? {} : { gpuLayers: 'all' }),
    cpuLibrary: library.variant.name,
    instructionSets: library.systemInfo,
    fileType: model.fileType,
    kvCacheType: cacheType,
    flashAttention: context.flashAttention,
    // llama.cpp takes less where a call submits less.
    ubatch: options.ubatch,
    batch: options.batch,
    mmap: options.mmap,
    repack: options.repack,
    unifiedKvCache: options.unifiedKvCache,
    threadpool: options.threadpool,
    ...(options.threadpool === 'kept' ? { polling: options.polling } : {}),
    finishedRows: options.finishedRows,
    gelu: 'tanh form through a float16 table, where the model has one',
  };
}
