/** The sim engine needs nothing: it is always ready. */
import type { EngineAdapter } from '../adapter.ts';
import { SIM_VERSION } from './engine.ts';

export const adapter: EngineAdapter = {
  health: async () => ({ kind: 'ready', version: SIM_VERSION, detail: 'built in' }),
  versions: async () => ({ sim: SIM_VERSION }),
};
