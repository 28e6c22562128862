/** The functions of libllama and libggml that Hayasa calls, with their C signatures. Addresses are bigints. */
import koffi, { type LibraryHandle, type TypeObject } from 'koffi';
import {
  type BatchStruct,
  batchType,
  type ContextParams,
  contextParamsType,
  type ModelParams,
  modelParamsType,
  type PerfContextData,
  perfContextDataType,
} from './layouts.ts';

/** Address of a native object; `null` is the null pointer. */
export type Handle = bigint | null;

export interface LlamaApi {
  llama_version(): string;
  llama_model_default_params(): ModelParams;
  llama_context_default_params(): ContextParams;
  llama_backend_init(): void;
  llama_log_set(callback: Handle, userData: Handle): void;
  llama_print_system_info(): string;
  llama_model_load_from_file(path: string, params: ModelParams): Handle;
  llama_model_free(model: Handle): void;
  llama_model_get_vocab(model: Handle): Handle;
  llama_vocab_n_tokens(vocab: Handle): number;
  llama_model_n_ctx_train(model: Handle): number;
  /** bigint or number, whichever fits. */
  llama_model_size(model: Handle): number | bigint;
  llama_model_n_params(model: Handle): number | bigint;
  llama_model_ftype(model: Handle): number;
  llama_ftype_name(fileType: number): string;
  llama_model_has_encoder(model: Handle): boolean;
  llama_init_from_model(model: Handle, params: ContextParams): Handle;
  llama_free(context: Handle): void;
  llama_n_ctx(context: Handle): number;
  llama_n_ctx_seq(context: Handle): number;
  llama_n_batch(context: Handle): number;
  llama_n_ubatch(context: Handle): number;
  llama_n_threads(context: Handle): number;
  llama_n_threads_batch(context: Handle): number;
  llama_get_memory(context: Handle): Handle;
  llama_memory_clear(memory: Handle, data: boolean): void;
  llama_memory_seq_rm(memory: Handle, sequence: number, from: number, to: number): boolean;
  /** 0 done, 1 no room in the KV cache, 2 aborted, negative on error. */
  llama_decode(context: Handle, batch: BatchStruct): number;
  llama_synchronize(context: Handle): void;
  /** Times of everything computed since the last reset; all 0 with `no_perf`. */
  llama_perf_context(context: Handle): PerfContextData;
  llama_perf_context_reset(context: Handle): void;
  /** Generation and prefill compute with these threads from now on. */
  llama_attach_threadpool(context: Handle, pool: Handle, batchPool: Handle): void;
  llama_get_logits(context: Handle): Handle;
  llama_set_abort_callback(context: Handle, callback: Handle, userData: Handle): void;
}

export interface GgmlApi {
  ggml_backend_load(path: string): Handle;
  ggml_backend_reg_count(): number;
  /** Devices of a backend that was loaded. */
  ggml_backend_reg_dev_count(backend: Handle): number;
}

/** `struct ggml_threadpool_params` of ggml.h. */
export interface ThreadpoolParams {
  /** One entry per CPU, GGML_MAX_N_THREADS of them; none true: wherever the system puts the threads. */
  readonly cpumask: readonly boolean[];
  readonly n_threads: number;
  readonly prio: number;
  /** 0 (no polling) to 100. */
  readonly poll: number;
  readonly strict_cpu: boolean;
  readonly paused: boolean;
}

export const threadpoolParamsType: TypeObject = koffi.struct({
  cpumask: koffi.array('bool', 512, 'Array'),
  n_threads: 'int',
  prio: 'int32_t',
  poll: 'uint32_t',
  strict_cpu: 'bool',
  paused: 'bool',
});

/** Functions of the CPU library that was chosen, and of the base that it brings along. */
export interface CpuApi {
  ggml_threadpool_params_default(threads: number): ThreadpoolParams;
  ggml_threadpool_new(params: ThreadpoolParams): Handle;
  ggml_threadpool_pause(pool: Handle): void;
  ggml_threadpool_free(pool: Handle): void;
}

type TypeSpec = string | TypeObject;
type Signature = readonly [result: TypeSpec, parameters: TypeSpec[]];
const p = 'void *';

const llamaSignatures: Readonly<Record<keyof LlamaApi, Signature>> = {
  llama_version: ['const char *', []],
  llama_model_default_params: [modelParamsType, []],
  llama_context_default_params: [contextParamsType, []],
  llama_backend_init: ['void', []],
  llama_log_set: ['void', [p, p]],
  llama_print_system_info: ['const char *', []],
  llama_model_load_from_file: [p, ['const char *', modelParamsType]],
  llama_model_free: ['void', [p]],
  llama_model_get_vocab: [p, [p]],
  llama_vocab_n_tokens: ['int32_t', [p]],
  llama_model_n_ctx_train: ['int32_t', [p]],
  llama_model_size: ['uint64_t', [p]],
  llama_model_n_params: ['uint64_t', [p]],
  llama_model_ftype: ['int32_t', [p]],
  llama_ftype_name: ['const char *', ['int32_t']],
  llama_model_has_encoder: ['bool', [p]],
  llama_init_from_model: [p, [p, contextParamsType]],
  llama_free: ['void', [p]],
  llama_n_ctx: ['uint32_t', [p]],
  llama_n_ctx_seq: ['uint32_t', [p]],
  llama_n_batch: ['uint32_t', [p]],
  llama_n_ubatch: ['uint32_t', [p]],
  llama_n_threads: ['int32_t', [p]],
  llama_n_threads_batch: ['int32_t', [p]],
  llama_get_memory: [p, [p]],
  llama_memory_clear: ['void', [p, 'bool']],
  llama_memory_seq_rm: ['bool', [p, 'int32_t', 'int32_t', 'int32_t']],
  llama_decode: ['int32_t', [p, batchType]],
  llama_synchronize: ['void', [p]],
  llama_perf_context: [perfContextDataType, [p]],
  llama_perf_context_reset: ['void', [p]],
  llama_attach_threadpool: ['void', [p, p, p]],
  llama_get_logits: [p, [p]],
  llama_set_abort_callback: ['void', [p, p, p]],
};

const ggmlSignatures: Readonly<Record<keyof GgmlApi, Signature>> = {
  ggml_backend_load: [p, ['const char *']],
  ggml_backend_reg_count: ['size_t', []],
  ggml_backend_reg_dev_count: ['size_t', [p]],
};

const cpuSignatures: Readonly<Record<keyof CpuApi, Signature>> = {
  ggml_threadpool_params_default: [threadpoolParamsType, ['int']],
  ggml_threadpool_new: [p, [koffi.pointer(threadpoolParamsType)]],
  ggml_threadpool_pause: ['void', [p]],
  ggml_threadpool_free: ['void', [p]],
};

/** @throws where the library lacks one of the functions */
export const bindLlama = (library: LibraryHandle): LlamaApi => bind<LlamaApi>(library, llamaSignatures);

/** @throws where the library lacks one of the functions */
export const bindGgml = (library: LibraryHandle): GgmlApi => bind<GgmlApi>(library, ggmlSignatures);

/** @throws where the library lacks one of the functions */
export const bindCpu = (library: LibraryHandle): CpuApi => bind<CpuApi>(library, cpuSignatures);

function bind<Api>(library: LibraryHandle, signatures: Readonly<Record<string, Signature>>): Api {
  return Object.fromEntries(
    Object.entries(signatures).map(([name, [result, parameters]]) => [
      name,
      library.func(name, result, parameters) as unknown,
    ]),
  ) as Api;
}
