/** Whether ONNX Runtime's library can be loaded here, and its versions. */
import koffi from 'koffi';
import { HayasaError } from '../../kernel/errors.ts';
import { openOnnxRuntime } from '../../native/onnxruntime/runtime.ts';
import type { EngineAdapter } from '../adapter.ts';

export const adapter: EngineAdapter = {
  health: async ({ system }) => {
    try {
      const runtime = openOnnxRuntime(system);
      runtime.release();
      return { kind: 'ready', version: runtime.version, detail: 'npm onnxruntime-node, C API through koffi' };
    } catch (error) {
      if (error instanceof HayasaError) return { kind: 'impossible', reason: error.words };
      throw error;
    }
  },
  versions: async ({ system }) => {
    const runtime = openOnnxRuntime(system);
    runtime.release();
    return libraryVersions(runtime.version);
  },
};

/** The versions that belong to every result. */
export const libraryVersions = (onnxruntime: string): Readonly<Record<string, string>> => ({
  onnxruntime,
  koffi: koffiVersion(),
});

function koffiVersion(): string {
  return (koffi as unknown as { readonly version?: string }).version ?? 'unknown';
}
