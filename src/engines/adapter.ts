/** The impure side of an engine: is it usable here, and how is its worker started. */

import type { Host } from '../host/host.ts';
import type { Words } from '../kernel/language.ts';
import type { WorkerCommand } from '../process/command.ts';

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
  | { readonly kind: 'installable'; readonly how: Words; readonly reason: Words }
  | { readonly kind: 'impossible'; readonly reason: Words };
