/** Facts about the machine and the process that do not change while Hayasa runs. */
import {
  arch,
  availableParallelism,
  cpus,
  homedir,
  hostname,
  platform,
  release,
  totalmem,
  userInfo,
  version,
} from 'node:os';
import envPaths from 'env-paths';
import type { SystemFacts } from './host.ts';

export function realSystemFacts(): SystemFacts {
  const folders = envPaths('hayasa', { suffix: '' });
  const cpuModel = cpus()[0]?.model;
  return {
    platform: platform(),
    architecture: arch(),
    logicalCpus: availableParallelism(),
    totalMemoryBytes: memoryLimitBytes(),
    environment: process.env,
    currentFolder: process.cwd(),
    cacheFolder: process.env['HAYASA_CACHE'] || folders.cache,
    dataFolder: process.env['HAYASA_DATA'] || folders.data,
    nodeVersion: process.versions.node,
    ...(cpuModel === undefined ? {} : { cpuModel }),
    operatingSystem: version(),
    kernel: release(),
    hostName: hostname(),
    homeFolder: homedir(),
    ...userName(),
  };
}

/** A process may run as a user id that has no name. */
function userName(): { readonly userName?: string } {
  try {
    return { userName: userInfo().username };
  } catch {
    return {};
  }
}

/** The machine's memory, or the limit of the control group that holds this process where that is smaller. */
function memoryLimitBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
