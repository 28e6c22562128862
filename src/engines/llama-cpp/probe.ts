/** Opens the library for a moment to learn what it is. */
import type { Host } from '../../host/host.ts';
import { openLlama } from '../../native/llama/library.ts';

export interface LibraryFacts {
  readonly version: string;
  readonly packageVersion: string;
  readonly variant: string;
  readonly systemInfo: string;
}

/** @throws HayasaError as `openLlama` */
export function probeLibrary(host: Pick<Host, 'files' | 'system'>): LibraryFacts {
  const library = openLlama(host);
  const { version, packageVersion, variant, systemInfo } = library;
  library.close();
  return { version, packageVersion, variant: variant.name, systemInfo };
}
