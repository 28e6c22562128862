/**
 * The threads that a context computes with. Without a pool of its own libllama starts and joins threads anew in every
 * decode (ggml's disposable pool), which costs each step and scatters it; llama-bench and llama-server attach one pool
 * that stays, and so do we.
 * Source: ggml/include/ggml.h, ggml/include/ggml-cpu.h and ggml/src/ggml-cpu/ggml-cpu.c of llama.cpp release v0.4.0.
 */
import { HayasaError } from '../../kernel/errors.ts';
import type { Handle, ThreadpoolParams } from './api.ts';
import { layoutProblems } from './layouts.ts';
import type { LlamaLibrary } from './library.ts';

/** GGML_MAX_N_THREADS of ggml.h: length of the mask of CPUs. */
const MAXIMUM_CPUS = 512;

export interface ThreadpoolOptions {
  readonly threads: number;
  /** How long waiting threads look for work before they sleep: 0 never, 100 the longest, in ggml's own measure. */
  readonly polling: number;
  /** One CPU for each thread, which then stays on it; empty: the system places them. */
  readonly cpus: readonly number[];
}

export interface Threadpool {
  readonly handle: Handle;
  /** Lets the waiting threads sleep until the next decode, so that they take nothing from whoever runs meanwhile. */
  pause(): void;
  /** To be called after the contexts that use it are freed. */
  free(): void;
}

/** @throws HayasaError `llama/wrong-version`; RangeError for a CPU beyond ggml's mask */
export function createThreadpool(library: LlamaLibrary, options: ThreadpoolOptions): Threadpool {
  const { threads, polling, cpus } = options;
  const { cpuApi } = library;
  if (cpus.some((cpu) => cpu >= MAXIMUM_CPUS)) {
    throw new RangeError(`llama.cpp pins threads to CPUs below ${MAXIMUM_CPUS}, not to ${cpus.join(', ')}`);
  }
  const defaults = cpuApi.ggml_threadpool_params_default(threads);
  const { cpumask: _, ...members } = defaults;
  const problems = layoutProblems('threadpool', members, documentedDefaults(threads));
  if (problems.length > 0) {
    throw new HayasaError({
      code: 'llama/wrong-version',
      message: {
        en: `the layout of ggml_threadpool_params does not fit: ${problems.join('; ')}`,
        ja: `ggml_threadpool_params のレイアウトが合いません: ${problems.join('; ')}`,
      },
    });
  }
  const chosen = new Set(cpus);
  const handle = cpuApi.ggml_threadpool_new({
    ...members,
    cpumask: Array.from({ length: MAXIMUM_CPUS }, (_unused, cpu) => chosen.has(cpu)),
    poll: polling,
    strict_cpu: cpus.length > 0,
  });
  return {
    handle,
    pause: () => cpuApi.ggml_threadpool_pause(handle),
    free: () => cpuApi.ggml_threadpool_free(handle),
  };
}

const documentedDefaults = (threads: number): Omit<ThreadpoolParams, 'cpumask'> => ({
  n_threads: threads,
  prio: 0,
  poll: 50,
  strict_cpu: false,
  paused: false,
});
