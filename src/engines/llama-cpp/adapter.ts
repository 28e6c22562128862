/** Whether llama.cpp can run here, and in which version. */
import type { Host } from '../../host/host.ts';
import { HayasaError, wordsOf } from '../../kernel/errors.ts';
import { same, type Words } from '../../kernel/language.ts';
import { isTestedPlatform, libraryPackage, locateLibrary } from '../../native/llama/library-location.ts';
import { LIBRARY_PACKAGE_VERSION } from '../../native/llama/package-version.ts';
import type { EngineAdapter, EngineHealth } from '../adapter.ts';
import { gpuLibraries } from './gpu-libraries.ts';
import { probeLibrary } from './probe.ts';

export const adapter: EngineAdapter = {
  health: async (host, build) => {
    if (build !== undefined) return gpuHealth(host, build);
    try {
      const { version, packageVersion, variant, systemInfo } = probeLibrary(host);
      return {
        kind: 'ready',
        version,
        detail: `package ${packageVersion}, CPU library ${variant} (${systemInfo})`,
      };
    } catch (error) {
      const reason = wordsOf(error);
      const name = libraryPackage(host.system);
      const isMissing = error instanceof HayasaError && error.code === 'llama/not-installed';
      return isMissing && name !== undefined
        ? {
            kind: 'installable',
            how: same(`npm install --no-save ${name}@${LIBRARY_PACKAGE_VERSION}`),
            reason,
          }
        : { kind: 'impossible', reason: withHint(error, reason) };
    }
  },
  versions: async (host, build) => {
    // Opened by workers only: two builds do not fit into one process.
    if (build !== undefined) return { llamaCppPackage: LIBRARY_PACKAGE_VERSION, llamaCppBuild: build };
    if (!isTestedPlatform(host.system)) return {};
    const { packageVersion } = locateLibrary(host.system);
    const { version, variant } = probeLibrary(host);
    return { llamaCpp: version, llamaCppPackage: packageVersion, llamaCppCpuLibrary: variant };
  },
};

function gpuHealth(host: Host, build: string): EngineHealth {
  try {
    gpuLibraries(host, build);
    const detail = `${build} libraries of package ${LIBRARY_PACKAGE_VERSION}`;
    return { kind: 'ready', version: LIBRARY_PACKAGE_VERSION, detail };
  } catch (error) {
    const reason = wordsOf(error);
    const how =
      error instanceof HayasaError && error.code === 'llama/not-installed' ? error.hintWords : undefined;
    return how === undefined ? { kind: 'impossible', reason } : { kind: 'installable', how, reason };
  }
}

function withHint(error: unknown, reason: Words): Words {
  const hint = error instanceof HayasaError ? error.hintWords : undefined;
  return hint === undefined ? reason : { en: `${reason.en}; ${hint.en}`, ja: `${reason.ja}。${hint.ja}` };
}
