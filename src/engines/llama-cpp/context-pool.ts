/** Contexts are sized for what is asked and reused while the same is asked again: repeats measure no set-up. */
import { type TokenBatch, tokenBatch } from '../../native/llama/batch.ts';
import { createContext, type LlamaContext } from '../../native/llama/context.ts';
import type { LlamaLibrary } from '../../native/llama/library.ts';
import type { LlamaModel } from '../../native/llama/model.ts';
import { paddedPositions } from './context-needs.ts';
import type { CacheType, LlamaCppOptions } from './options.ts';

export interface ContextShape {
  readonly sequences: number;
  /** Positions of the longest sequence. */
  readonly positions: number;
  /** Most rows of logits at once. */
  readonly outputs: number;
  /** Most tokens submitted at once. */
  readonly tokens: number;
  /** libllama times what it computes. */
  readonly timers: boolean;
}

export interface ReadyContext {
  readonly llama: LlamaContext;
  readonly batch: TokenBatch;
}

export interface ContextPool {
  /** The context for `shape`, the last one where it fits. @throws FailureError `out-of-memory` */
  take(shape: ContextShape): ReadyContext;
  free(): void;
}

export interface PoolInit {
  readonly library: LlamaLibrary;
  readonly model: LlamaModel;
  readonly options: LlamaCppOptions;
  readonly cacheType: CacheType;
  readonly threads: number;
  /** CPUs that the threads are pinned to; empty: none are. */
  readonly cpus: readonly number[];
}

export function contextPool({ library, model, options, cacheType, threads, cpus }: PoolInit): ContextPool {
  let current: (ReadyContext & { readonly shape: ContextShape }) | undefined;
  const free = (): void => {
    current?.llama.free();
    current = undefined;
  };
  return {
    free,
    take(asked) {
      const shape: ContextShape = {
        ...asked,
        positions: paddedPositions(asked.positions),
        tokens: options.batch === 0 ? asked.tokens : Math.max(options.batch, asked.sequences),
      };
      if (current !== undefined && isSame(current.shape, shape)) return current;
      // Freed before the new one is made: both together may not fit.
      free();
      const llama = createContext(library, model, {
        sequences: shape.sequences,
        positionsPerSequence: shape.positions,
        batch: shape.tokens,
        ubatch: options.ubatch,
        outputs: shape.outputs,
        threads,
        ...(options.threadpool === 'kept' ? { threadpool: { polling: options.polling, cpus } } : {}),
        cacheType,
        flashAttention: options.flashAttention,
        unifiedCache: options.unifiedKvCache,
        timers: shape.timers,
      });
      current = { llama, batch: tokenBatch(llama.effective.batch), shape };
      return current;
    },
  };
}

const isSame = (a: ContextShape, b: ContextShape): boolean =>
  a.sequences === b.sequences &&
  a.positions === b.positions &&
  a.outputs === b.outputs &&
  a.tokens === b.tokens &&
  a.timers === b.timers;
