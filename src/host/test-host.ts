/** The outside world for tests and simulations: a virtual clock, files in memory, fixed facts. */
import type { Host, SystemFacts } from './host.ts';
import { type MemoryFiles, memoryFiles } from './memory-files.ts';
import { type Network, noNetwork } from './network.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

export interface TestHost extends Host {
  readonly clock: VirtualClock;
  readonly files: MemoryFiles;
}

export interface TestHostInit {
  /** Contents by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly system?: Partial<SystemFacts>;
  readonly start_ns?: bigint;
  /** Without one there is no connection. */
  readonly network?: Network;
}

/** A machine with 2 CPUs and 16 GiB of memory, unless told otherwise. */
export function testHost(init: TestHostInit = {}): TestHost {
  const system: SystemFacts = {
    platform: 'linux',
    architecture: 'x64',
    logicalCpus: 2,
    totalMemoryBytes: 16 * 2 ** 30,
    environment: {},
    currentFolder: '/home/test',
    cacheFolder: '/home/test/.cache/hayasa',
    dataFolder: '/home/test/.local/share/hayasa',
    nodeVersion: '20.19.0',
    ...init.system,
  };
  return {
    clock: virtualClock(init.start_ns),
    files: memoryFiles(init.files ?? {}, system.currentFolder),
    network: init.network ?? noNetwork(),
    system,
  };
}
