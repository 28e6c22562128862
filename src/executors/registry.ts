/** The registry of executors: one line each. */
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Host } from '../host/host.ts';
import type { Executor } from './executor.ts';
import { inProcessExecutor } from './in-process/in-process.ts';
import { localExecutor } from './local/local.ts';

const EXECUTORS = {
  local: localExecutor,
  'in-process': inProcessExecutor,
} as const satisfies Record<string, (host: Host) => Executor>;

export type ExecutorId = keyof typeof EXECUTORS;

/** The executor `id`, at work on `host`. */
export const createExecutor = (id: ExecutorId, host: Host): Executor => EXECUTORS[id](host);

/** Where a launch of this engine runs unless something else is asked for. */
export const defaultExecutorId = (declaration: EngineDeclaration): ExecutorId =>
  declaration.worker.kind === 'in-process' ? 'in-process' : 'local';
