/** A loaded GGUF model. */
import { FailureError } from '../../protocol/failure-error.ts';
import type { Handle } from './api.ts';
import type { LlamaLibrary } from './library.ts';

export interface LlamaModel {
  readonly handle: Handle;
  readonly vocabularySize: number;
  /** Context length that the file names. */
  readonly trainedPositions: number;
  /** Bytes of all tensors. */
  readonly tensorBytes: number;
  readonly parameters: number;
  /** llama.cpp's name of the file's most frequent tensor type, e.g. `all F32`, `Q4_K - Medium`. */
  readonly fileType: string;
  free(): void;
}

export interface ModelOptions {
  /** Map the file instead of reading it. */
  readonly mmap: boolean;
  /** Re-order quantised weights at load for wider instructions (a second copy in memory). */
  readonly repack: boolean;
  /** Index of the GPU that holds all layers; absent on the CPU. */
  readonly gpu?: number;
}

/** llama_load_mode of llama.h. */
const loadMode = { none: 0, mmap: 1 };
/** llama_split_mode of llama.h: one GPU holds the whole model. */
const splitMode = { none: 0 };
/** llama.h: a negative value means all layers. */
const ALL_LAYERS = -1;

/**
 * @param path an existing GGUF file
 * @throws FailureError `out-of-memory`, `bad-checkpoint`
 */
export function loadModel(library: LlamaLibrary, path: string, options: ModelOptions): LlamaModel {
  const { api, log } = library;
  log.clear();
  const handle = api.llama_model_load_from_file(path, {
    ...api.llama_model_default_params(),
    ...(options.gpu === undefined
      ? { n_gpu_layers: 0 }
      : { n_gpu_layers: ALL_LAYERS, split_mode: splitMode.none, main_gpu: options.gpu }),
    load_mode: options.mmap ? loadMode.mmap : loadMode.none,
    use_extra_bufts: options.repack,
  });
  if (handle === null) throw loadFailure(path, log.warnings());
  return {
    handle,
    vocabularySize: api.llama_vocab_n_tokens(api.llama_model_get_vocab(handle)),
    trainedPositions: api.llama_model_n_ctx_train(handle),
    tensorBytes: Number(api.llama_model_size(handle)),
    parameters: Number(api.llama_model_n_params(handle)),
    fileType: api.llama_ftype_name(api.llama_model_ftype(handle)),
    free: () => api.llama_model_free(handle),
  };
}

/** What llama.cpp logs when an allocation fails. */
export const isOutOfMemory = (lines: readonly string[]): boolean =>
  lines.some((line) =>
    /failed to allocate|unable to allocate|out of memory|bad_alloc|cannot allocate/i.test(line),
  );

function loadFailure(path: string, warnings: readonly string[]): FailureError {
  const isMemory = isOutOfMemory(warnings);
  const reason = warnings.find((line) => /error|failed|missing|invalid|unknown/i.test(line));
  return new FailureError({
    cause: isMemory ? 'out-of-memory' : 'bad-checkpoint',
    message: {
      en: `llama.cpp did not load ${path}: ${reason ?? 'no reason given'}`,
      ja: `llama.cpp が ${path} をロードできません: ${reason ?? '理由は示されていません'}`,
    },
    ...(warnings.length === 0 ? {} : { stderrTail: warnings.slice(-20).join('\n') }),
  });
}
