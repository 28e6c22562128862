/** Options of a session, and their translation to the library's calls. */
import type { OrtFunctions, Pointer } from './api-table.ts';
import { check, created } from './status.ts';

export const GRAPH_OPTIMISATION_LEVELS = { disabled: 0, basic: 1, extended: 2, all: 99 } as const;
export type GraphOptimisation = keyof typeof GRAPH_OPTIMISATION_LEVELS;

export interface SessionOptions {
  /** Threads inside one operator. */
  readonly threads: number;
  readonly graphOptimisation: GraphOptimisation;
  /** Re-arrange constant weights for the kernels at load (a copy), instead of using the mapped file. */
  readonly prepacking: boolean;
  /** Plan one block for all activations after the first run of a shape. */
  readonly memoryPattern: boolean;
  /** Keep freed activations for the next run. */
  readonly arena: boolean;
  /** Threads wait for work in a busy loop instead of sleeping. */
  readonly spinning: boolean;
  /** Further entries of onnxruntime_session_options_config_keys.h. */
  readonly config: Readonly<Record<string, string>>;
  /** Where the optimised graph is written, for inspection. */
  readonly optimisedGraphPath?: string;
  /** Prefix of the profile that is written when the session is released, for inspection. */
  readonly profilePrefix?: string;
}

/** The library's own defaults, spelled out. */
export const DEFAULT_SESSION_OPTIONS: SessionOptions = {
  threads: 1,
  graphOptimisation: 'all',
  prepacking: true,
  memoryPattern: true,
  arena: true,
  spinning: true,
  config: {},
};

/** A native options object; the caller releases it. @throws OrtError */
export function createSessionOptions(functions: OrtFunctions, options: SessionOptions): Pointer {
  const handle = created(functions, (out) => functions.CreateSessionOptions(out));
  try {
    applyOptions(functions, handle, options);
  } catch (error) {
    functions.ReleaseSessionOptions(handle);
    throw error;
  }
  return handle;
}

function applyOptions(functions: OrtFunctions, handle: Pointer, options: SessionOptions): void {
  const apply = (status: Pointer | null): void => check(functions, status);
  apply(functions.SetIntraOpNumThreads(handle, options.threads));
  // Operators run one after another: decoding has no independent branches worth a second pool.
  apply(functions.SetInterOpNumThreads(handle, 1));
  apply(functions.SetSessionExecutionMode(handle, 0));
  apply(
    functions.SetSessionGraphOptimizationLevel(handle, GRAPH_OPTIMISATION_LEVELS[options.graphOptimisation]),
  );
  if (!options.memoryPattern) apply(functions.DisableMemPattern(handle));
  if (!options.arena) apply(functions.DisableCpuMemArena(handle));
  if (options.optimisedGraphPath !== undefined) {
    apply(functions.SetOptimizedModelFilePath(handle, options.optimisedGraphPath));
  }
  if (options.profilePrefix !== undefined) apply(functions.EnableProfiling(handle, options.profilePrefix));
  const entries = {
    'session.disable_prepacking': options.prepacking ? '0' : '1',
    'session.intra_op.allow_spinning': options.spinning ? '1' : '0',
    ...options.config,
  };
  for (const [key, value] of Object.entries(entries))
    apply(functions.AddSessionConfigEntry(handle, key, value));
}
