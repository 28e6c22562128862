/**
 * The C structs of libllama that cross the boundary by value, and their documented defaults.
 * Source: include/llama.h and ggml/include/ggml.h of llama.cpp release v0.4.0. A layout is valid for that release
 * only: `layoutProblems` compares what the library itself calls its defaults with the ones written here, so that a
 * shifted member is found before anything is loaded.
 */
import koffi, { type TypeObject } from 'koffi';

/** What `llama_version()` of a library with these layouts begins with. */
export const LAYOUT_VERSION = '0.4.0';

type Address = bigint | null;

export interface ModelParams {
  readonly devices: Address;
  readonly tensor_buft_overrides: Address;
  readonly n_gpu_layers: number;
  readonly split_mode: number;
  readonly load_mode: number;
  readonly lazy_mode: number;
  readonly main_gpu: number;
  readonly tensor_split: Address;
  readonly progress_callback: Address;
  readonly progress_callback_user_data: Address;
  readonly kv_overrides: Address;
  readonly vocab_only: boolean;
  readonly check_tensors: boolean;
  readonly use_extra_bufts: boolean;
  readonly no_host: boolean;
  readonly no_alloc: boolean;
  readonly load_mtp: boolean;
}

export interface ContextParams {
  readonly n_ctx: number;
  readonly n_batch: number;
  readonly n_ubatch: number;
  readonly n_seq_max: number;
  readonly n_rs_seq: number;
  readonly n_outputs_max: number;
  readonly n_outputs_max_per_seq: number;
  readonly n_threads: number;
  readonly n_threads_batch: number;
  readonly ctx_type: number;
  readonly rope_scaling_type: number;
  readonly pooling_type: number;
  readonly attention_type: number;
  readonly flash_attn_type: number;
  readonly rope_freq_base: number;
  readonly rope_freq_scale: number;
  readonly yarn_ext_factor: number;
  readonly yarn_attn_factor: number;
  readonly yarn_beta_fast: number;
  readonly yarn_beta_slow: number;
  readonly yarn_orig_ctx: number;
  readonly defrag_thold: number;
  readonly cb_eval: Address;
  readonly cb_eval_user_data: Address;
  readonly type_k: number;
  readonly type_v: number;
  readonly abort_callback: Address;
  readonly abort_callback_data: Address;
  readonly embeddings: boolean;
  readonly offload_kqv: boolean;
  readonly no_perf: boolean;
  readonly op_offload: boolean;
  readonly swa_full: boolean;
  readonly kv_unified: boolean;
  readonly samplers: Address;
  readonly n_samplers: number;
  readonly ctx_other: Address;
}

/** Addresses of the arrays of a batch; each has `n_tokens` elements. */
export interface BatchStruct {
  n_tokens: number;
  readonly token: Address;
  readonly embd: Address;
  readonly pos: Address;
  readonly n_seq_id: Address;
  readonly seq_id: Address;
  readonly logits: Address;
}

/** `struct llama_perf_context_data` of llama.h. */
export interface PerfContextData {
  readonly t_start_ms: number;
  readonly t_load_ms: number;
  /** Computing more than one token at once. */
  readonly t_p_eval_ms: number;
  /** Computing one token at once. */
  readonly t_eval_ms: number;
  readonly n_p_eval: number;
  readonly n_eval: number;
  readonly n_reused: number;
}

export const perfContextDataType: TypeObject = koffi.struct({
  t_start_ms: 'double',
  t_load_ms: 'double',
  t_p_eval_ms: 'double',
  t_eval_ms: 'double',
  n_p_eval: 'int32_t',
  n_eval: 'int32_t',
  n_reused: 'int32_t',
});

export const modelParamsType: TypeObject = koffi.struct({
  devices: 'void *',
  tensor_buft_overrides: 'void *',
  n_gpu_layers: 'int32_t',
  split_mode: 'int32_t',
  load_mode: 'int32_t',
  lazy_mode: 'int32_t',
  main_gpu: 'int32_t',
  tensor_split: 'void *',
  progress_callback: 'void *',
  progress_callback_user_data: 'void *',
  kv_overrides: 'void *',
  vocab_only: 'bool',
  check_tensors: 'bool',
  use_extra_bufts: 'bool',
  no_host: 'bool',
  no_alloc: 'bool',
  load_mtp: 'bool',
});

export const contextParamsType: TypeObject = koffi.struct({
  n_ctx: 'uint32_t',
  n_batch: 'uint32_t',
  n_ubatch: 'uint32_t',
  n_seq_max: 'uint32_t',
  n_rs_seq: 'uint32_t',
  n_outputs_max: 'uint32_t',
  n_outputs_max_per_seq: 'uint32_t',
  n_threads: 'int32_t',
  n_threads_batch: 'int32_t',
  ctx_type: 'int32_t',
  rope_scaling_type: 'int32_t',
  pooling_type: 'int32_t',
  attention_type: 'int32_t',
  flash_attn_type: 'int32_t',
  rope_freq_base: 'float',
  rope_freq_scale: 'float',
  yarn_ext_factor: 'float',
  yarn_attn_factor: 'float',
  yarn_beta_fast: 'float',
  yarn_beta_slow: 'float',
  yarn_orig_ctx: 'uint32_t',
  defrag_thold: 'float',
  cb_eval: 'void *',
  cb_eval_user_data: 'void *',
  type_k: 'int32_t',
  type_v: 'int32_t',
  abort_callback: 'void *',
  abort_callback_data: 'void *',
  embeddings: 'bool',
  offload_kqv: 'bool',
  no_perf: 'bool',
  op_offload: 'bool',
  swa_full: 'bool',
  kv_unified: 'bool',
  samplers: 'void *',
  n_samplers: 'size_t',
  ctx_other: 'void *',
});

export const batchType: TypeObject = koffi.struct({
  n_tokens: 'int32_t',
  token: 'void *',
  embd: 'void *',
  pos: 'void *',
  n_seq_id: 'void *',
  seq_id: 'void *',
  logits: 'void *',
});

export const documentedModelDefaults: ModelParams = {
  devices: null,
  tensor_buft_overrides: null,
  n_gpu_layers: -1,
  split_mode: 1,
  load_mode: -1,
  lazy_mode: 1,
  main_gpu: 0,
  tensor_split: null,
  progress_callback: null,
  progress_callback_user_data: null,
  kv_overrides: null,
  vocab_only: false,
  check_tensors: false,
  use_extra_bufts: true,
  no_host: false,
  no_alloc: false,
  load_mtp: false,
};

export const documentedContextDefaults: ContextParams = {
  n_ctx: 512,
  n_batch: 2048,
  n_ubatch: 512,
  n_seq_max: 1,
  n_rs_seq: 0,
  n_outputs_max: 0,
  n_outputs_max_per_seq: 1,
  n_threads: 4,
  n_threads_batch: 4,
  ctx_type: 0,
  rope_scaling_type: -1,
  pooling_type: -1,
  attention_type: -1,
  flash_attn_type: -1,
  rope_freq_base: 0,
  rope_freq_scale: 0,
  yarn_ext_factor: -1,
  yarn_attn_factor: -1,
  yarn_beta_fast: -1,
  yarn_beta_slow: -1,
  yarn_orig_ctx: 0,
  defrag_thold: -1,
  cb_eval: null,
  cb_eval_user_data: null,
  type_k: 1,
  type_v: 1,
  abort_callback: null,
  abort_callback_data: null,
  embeddings: false,
  offload_kqv: true,
  no_perf: true,
  op_offload: true,
  swa_full: true,
  kv_unified: false,
  samplers: null,
  n_samplers: 0,
  ctx_other: null,
};

/**
 * Members in which a struct as read from the library differs from the documented defaults, as text:
 * `context.n_ubatch is 1, documented 512`. Empty when the layout fits.
 */
export function layoutProblems<T extends object>(what: string, actual: T, documented: T): string[] {
  return (Object.keys(documented) as (keyof T & string)[])
    .filter((member) => actual[member] !== documented[member])
    .map(
      (member) => `${what}.${member} is ${String(actual[member])}, documented ${String(documented[member])}`,
    );
}
