/** The impure side of an engine: is it usable here, and how is its worker started. Loaded by folder name on demand. */
import type { Host } from '../host/host.ts';
import type { WorkerCommand } from '../process/command.ts';
import type { EngineDeclaration } from './declaration.ts';
import { pythonAdapter } from './python-adapter.ts';

/** `version`: the one that a study asks for (`vllm@0.30.0`), only for engines that have several. */
export interface EngineAdapter {
  health(host: Host, version?: string): Promise<EngineHealth>;
  /** Versions that belong to the conditions of every result (library, binding, lock hash). */
  versions(host: Host, version?: string): Promise<Readonly<Record<string, string>>>;
  /** How its worker is started, where that is not the shared entry of npm engines. @throws HayasaError */
  workerCommand?(host: Host, version?: string): Promise<WorkerCommand>;
}

export type EngineHealth =
  | { readonly kind: 'ready'; readonly version: string; readonly detail: string }
  | { readonly kind: 'installable'; readonly how: string; readonly reason: string }
  | { readonly kind: 'impossible'; readonly reason: string };

/**
 * The adapter of a declared engine: `src/engines/<id>/adapter.ts` exports `adapter`; Python engines share one.
 * @throws when the folder has none (a defect of the registry).
 */
export async function loadAdapter(declaration: EngineDeclaration): Promise<EngineAdapter> {
  if (declaration.worker.kind === 'python') return pythonAdapter(declaration.id, declaration.worker);
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const loaded = (await import(
    new URL(`./${declaration.id}/adapter.${extension}`, import.meta.url).href
  )) as {
    readonly adapter: EngineAdapter;
  };
  return loaded.adapter;
}
