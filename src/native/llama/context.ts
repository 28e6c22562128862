/**
 * A context: KV cache, compute buffers and the decode call. Logits are read where llama.cpp wrote them, without a copy.
 * Shapes: R = rows asked for in the last batch, V = vocabulary size.
 */

import koffi from 'koffi';
import type { Words } from '../../kernel/language.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { TokenBatch } from './batch.ts';
import type { LlamaLibrary } from './library.ts';
import { isOutOfMemory, type LlamaModel } from './model.ts';
import { createThreadpool, type ThreadpoolOptions } from './threadpool.ts';

/** ggml_type of ggml.h, for the KV cache. */
export const cacheTypes = { f32: 0, f16: 1, bf16: 30, q8_0: 8, q4_0: 2 } as const;
export type CacheType = keyof typeof cacheTypes;

/** llama_flash_attn_type of llama.h. */
const flashAttentionTypes = { auto: -1, off: 0, on: 1 } as const;
export type FlashAttention = keyof typeof flashAttentionTypes;

export interface ContextOptions {
  readonly sequences: number;
  readonly positionsPerSequence: number;
  /** Most tokens of one `decode`. */
  readonly batch: number;
  /** Tokens that are computed together; a batch is cut into pieces of this size. */
  readonly ubatch: number;
  /** Most rows of logits of one `decode`. */
  readonly outputs: number;
  readonly threads: number;
  /** A pool of threads that stays; without it libllama starts threads anew in every `decode`. */
  readonly threadpool?: Omit<ThreadpoolOptions, 'threads'>;
  readonly cacheType: CacheType;
  readonly flashAttention: FlashAttention;
  /** One buffer shared by all sequences instead of one stream each. */
  readonly unifiedCache: boolean;
  /** libllama times what it computes. */
  readonly timers?: boolean;
}

export interface EffectiveContext {
  readonly positionsPerSequence: number;
  readonly batch: number;
  readonly ubatch: number;
  readonly threads: number;
  readonly flashAttention: 'on' | 'off';
}

export type DecodeResult = 'done' | 'aborted';

export interface LlamaContext {
  readonly effective: EffectiveContext;
  /**
   * Computes the batch; tokens wait for the rows asked for. `isAborted` is asked after every graph node on this
   * thread (about a microsecond each): for long prefills only.
   * @throws FailureError `engine-error` (full cache, invalid token)
   */
  decode(batch: TokenBatch, isAborted?: () => boolean): DecodeResult;
  /** Rows [R, V] of the last batch, in the order in which they were asked for. Valid until the next `decode`. */
  logits(rows: number): Float32Array;
  /** Waits until everything that was asked for is computed. */
  synchronize(): void;
  /**
   * Time in computing since the last call or the creation, by libllama's own counters (its microseconds), and starts
   * them anew. 0 without `timers`.
   */
  takeComputeTime_ns(): number;
  /** Lets the threads of the pool sleep until the next `decode`: for the end of a generation. */
  rest(): void;
  /** Forgets every sequence (the buffers stay as they are). */
  clear(): void;
  /** Forgets one sequence. */
  remove(sequence: number): void;
  free(): void;
}

/** @throws FailureError `out-of-memory`, `engine-error` */
export function createContext(
  library: LlamaLibrary,
  model: LlamaModel,
  options: ContextOptions,
): LlamaContext {
  const { api, log } = library;
  log.clear();
  const type = cacheTypes[options.cacheType];
  const pool =
    options.threadpool === undefined
      ? undefined
      : createThreadpool(library, { ...options.threadpool, threads: options.threads });
  const handle = api.llama_init_from_model(model.handle, {
    ...api.llama_context_default_params(),
    n_ctx: options.positionsPerSequence * options.sequences,
    n_batch: options.batch,
    n_ubatch: options.ubatch,
    n_seq_max: options.sequences,
    n_outputs_max: options.outputs,
    n_threads: options.threads,
    n_threads_batch: options.threads,
    flash_attn_type: flashAttentionTypes[options.flashAttention],
    type_k: type,
    type_v: type,
    offload_kqv: false,
    op_offload: false,
    kv_unified: options.unifiedCache,
    no_perf: options.timers !== true,
  });
  if (handle === null) {
    pool?.free();
    throw contextFailure(options, log.warnings());
  }
  const effective: EffectiveContext = {
    positionsPerSequence: api.llama_n_ctx_seq(handle),
    batch: api.llama_n_batch(handle),
    ubatch: api.llama_n_ubatch(handle),
    threads: api.llama_n_threads(handle),
    flashAttention: flashAttentionSaid(options.flashAttention, log.lines()),
  };
  if (pool !== undefined) api.llama_attach_threadpool(handle, pool.handle, pool.handle);
  const memory = api.llama_get_memory(handle);
  let view: { readonly address: bigint; readonly floats: Float32Array } | undefined;
  let isAbortedNow: (() => boolean) | undefined;
  const abortCallback = koffi.register(
    () => isAbortedNow?.() ?? false,
    koffi.pointer(koffi.proto('bool', ['void *'])),
  );
  return {
    effective,
    decode(batch, isAborted) {
      isAbortedNow = isAborted;
      if (isAborted !== undefined) api.llama_set_abort_callback(handle, abortCallback, null);
      const status = api.llama_decode(handle, batch.struct);
      if (isAborted !== undefined) api.llama_set_abort_callback(handle, null, null);
      if (status === 0) return 'done';
      if (status === 2) return 'aborted';
      throw decodeFailure(status, batch.length, log.warnings());
    },
    logits(rows) {
      const address = api.llama_get_logits(handle);
      if (address === null) throw decodeFailure(0, 0, log.warnings());
      const length = rows * model.vocabularySize;
      if (view === undefined || view.address !== address || view.floats.length < length) {
        view = { address, floats: new Float32Array(koffi.view(address, 4 * length)) };
      }
      return view.floats;
    },
    synchronize: () => api.llama_synchronize(handle),
    takeComputeTime_ns() {
      api.llama_synchronize(handle);
      const { t_p_eval_ms, t_eval_ms } = api.llama_perf_context(handle);
      api.llama_perf_context_reset(handle);
      return Math.round((t_p_eval_ms + t_eval_ms) * 1e6);
    },
    rest: () => pool?.pause(),
    clear: () => api.llama_memory_clear(memory, false),
    remove(sequence) {
      api.llama_memory_seq_rm(memory, sequence, -1, -1);
    },
    free() {
      api.llama_free(handle);
      pool?.free();
      koffi.unregister(abortCallback);
      view = undefined;
    },
  };
}

/** With `auto` llama.cpp decides by itself and tells only its log. */
function flashAttentionSaid(asked: FlashAttention, lines: readonly string[]): 'on' | 'off' {
  if (asked !== 'auto') return asked;
  return lines.some((line) => /flash attention enabled/i.test(line)) ? 'on' : 'off';
}

function contextFailure(options: ContextOptions, warnings: readonly string[]): FailureError {
  return new FailureError({
    cause: isOutOfMemory(warnings) ? 'out-of-memory' : 'engine-error',
    message: {
      en: `llama.cpp made no context for ${options.sequences} sequences of ${options.positionsPerSequence} positions: ${warnings[0] ?? 'no reason given'}`,
      ja: `llama.cpp が ${options.positionsPerSequence} 位置の系列 ${options.sequences} 個分のコンテキストを作れません: ${warnings[0] ?? '理由は示されていません'}`,
    },
    ...(warnings.length === 0 ? {} : { stderrTail: warnings.slice(-20).join('\n') }),
  });
}

function decodeFailure(status: number, tokens: number, warnings: readonly string[]): FailureError {
  const reason: Words =
    status === 1
      ? { en: 'no room in the KV cache', ja: 'KV キャッシュに空きがありません' }
      : { en: `status ${status}`, ja: `状態 ${status}` };
  return new FailureError({
    cause: isOutOfMemory(warnings) ? 'out-of-memory' : 'engine-error',
    message: {
      en: `llama_decode failed on ${tokens} tokens: ${reason.en}`,
      ja: `llama_decode が ${tokens} トークンで失敗しました: ${reason.ja}`,
    },
    ...(warnings.length === 0 ? {} : { stderrTail: warnings.slice(-20).join('\n') }),
  });
}
