/** Whether llama.cpp can run here, and in which version. */
import { HayasaError, messageOf } from '../../kernel/errors.ts';
import {
  isTestedPlatform,
  LIBRARY_PACKAGE_VERSION,
  libraryPackage,
  locateLibrary,
} from '../../native/llama/library-location.ts';
import type { EngineAdapter } from '../adapter.ts';
import { probeLibrary } from './probe.ts';

export const adapter: EngineAdapter = {
  health: async (host) => {
    try {
      const { version, packageVersion, variant, systemInfo } = probeLibrary(host);
      return {
        kind: 'ready',
        version,
        detail: `package ${packageVersion}, CPU library ${variant} (${systemInfo})`,
      };
    } catch (error) {
      const reason = messageOf(error);
      const name = libraryPackage(host.system);
      const isMissing = error instanceof HayasaError && error.code === 'llama/not-installed';
      return isMissing && name !== undefined
        ? { kind: 'installable', how: `npm install --no-save ${name}@${LIBRARY_PACKAGE_VERSION}`, reason }
        : { kind: 'impossible', reason: withHint(error, reason) };
    }
  },
  versions: async (host) => {
    if (!isTestedPlatform(host.system)) return {};
    const { packageVersion } = locateLibrary(host.system);
    const { version, variant } = probeLibrary(host);
    return { llamaCpp: version, llamaCppPackage: packageVersion, llamaCppCpuLibrary: variant };
  },
};

const withHint = (error: unknown, reason: string): string =>
  error instanceof HayasaError && error.hint !== undefined ? `${reason}; ${error.hint}` : reason;
