/** Whether an environment can be used, could be made, or cannot be had here; read without starting a Python. */

import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { Words } from '../kernel/language.ts';
import { PYTHON_FOLDER } from './folders.ts';
import { type Lock, readLocks } from './lock.ts';
import { type EnvironmentName, environmentLabel } from './name.ts';
import { environmentFolder, type InstalledEnvironment, readEnvironment } from './record.ts';

export type EnvironmentHealth =
  | {
      readonly kind: 'ready';
      readonly environment: InstalledEnvironment;
      readonly lock: Lock;
      readonly locks: readonly Lock[];
    }
  | { readonly kind: 'installable'; readonly reason: Words; readonly locks: readonly Lock[] }
  | { readonly kind: 'impossible'; readonly reason: Words };

/** Locks hold builds for this platform only. */
const PLATFORM = 'linux';
const ARCHITECTURE = 'x64';

export const LOCKS_FOLDER: string = join(PYTHON_FOLDER, 'locks');

export function environmentHealth(
  { files, system }: Pick<Host, 'files' | 'system'>,
  name: EnvironmentName,
  locksFolder: string = LOCKS_FOLDER,
): EnvironmentHealth {
  const label = environmentLabel(name);
  const locks = readLocks(files, locksFolder, name);
  if (locks.length === 0)
    return {
      kind: 'impossible',
      reason: {
        en: `this version of Hayasa has no lock for ${label}`,
        ja: `このバージョンの Hayasa に ${label} のロックがありません`,
      },
    };
  if (system.platform !== PLATFORM || system.architecture !== ARCHITECTURE) {
    const here = `${system.platform} ${system.architecture}`;
    return {
      kind: 'impossible',
      reason: {
        en: `its packages are locked for ${PLATFORM} ${ARCHITECTURE}, this is ${here}`,
        ja: `パッケージは ${PLATFORM} ${ARCHITECTURE} 用にロックされていますが、この環境は ${here} です`,
      },
    };
  }
  const environment = readEnvironment(files, environmentFolder(system, name));
  if (environment === undefined)
    return { kind: 'installable', reason: { en: 'not installed', ja: 'インストールされていません' }, locks };
  const { lockHash } = environment.record;
  const lock = locks.find(({ hash }) => hash === lockHash);
  return lock === undefined
    ? {
        kind: 'installable',
        reason: {
          en: `what is installed (lock ${lockHash}) is not what this version locks`,
          ja: `インストール済みのもの（ロック ${lockHash}）が、このバージョンのロックと違います`,
        },
        locks,
      }
    : { kind: 'ready', environment, lock, locks };
}
