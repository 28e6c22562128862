/**
 * Whether FasterTransformer can run here: it needs an NVIDIA GPU and a source tree that its user built. Its worker is
 * Hayasa's Python host loop without any library: it starts FasterTransformer's programs.
 */

import { join } from 'node:path';
import { PYTHON_FOLDER } from '../../environments/folders.ts';
import type { Host } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { inEvery, type Words } from '../../kernel/language.ts';
import type { EngineAdapter, EngineHealth } from '../adapter.ts';
import { cudaDeviceCount, NO_GPU } from '../cuda-devices.ts';

/** The built source tree. */
const ROOT_VARIABLE = 'HAYASA_FASTERTRANSFORMER';
/** Written by NVIDIA's kernel module. */
const DRIVER_FILE = '/proc/driver/nvidia/version';
const LIBRARY = 'build/lib/libth_transformer.so';
const LAST_COMMIT = 'source tree, last commit of October 2023';

export const adapter: EngineAdapter = {
  health: async (host) => health(host),
  versions: async (host) => {
    const driver = host.files.tryReadText(DRIVER_FILE)?.split('\n')[0];
    return { fasterTransformer: LAST_COMMIT, ...(driver === undefined ? {} : { nvidiaDriver: driver }) };
  },
  workerCommand: async (host) => {
    const found = health(host);
    if (found.kind !== 'ready') {
      throw new HayasaError({
        code: 'engine/not-ready',
        message: inEvery((say) => `FasterTransformer: ${say(found.reason)}`),
        hint: {
          en: 'src/engines/fastertransformer/README.md says how it is built',
          ja: 'ビルド方法は src/engines/fastertransformer/README.md にあります',
        },
      });
    }
    return {
      // Of the host loop, 3.11 or later; the programs that it starts have a Python of their own.
      command: 'python3',
      args: ['-m', 'hayasa_worker', 'fastertransformer'],
      environment: { PYTHONPATH: PYTHON_FOLDER, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' },
    };
  },
};

function health(host: Host): EngineHealth {
  if (cudaDeviceCount(host) === 0) return { kind: 'impossible', reason: NO_GPU };
  const root = host.system.environment[ROOT_VARIABLE];
  const how: Words = {
    en: `build it as its README says, and set ${ROOT_VARIABLE} to its folder`,
    ja: `README のとおりにビルドし、${ROOT_VARIABLE} にそのフォルダーを設定してください`,
  };
  if (root === undefined || root === '') {
    return {
      kind: 'installable',
      how,
      reason: { en: `${ROOT_VARIABLE} is not set`, ja: `${ROOT_VARIABLE} が設定されていません` },
    };
  }
  const library = join(root, LIBRARY);
  return host.files.kind(library) === undefined
    ? { kind: 'installable', how, reason: { en: `${library} is not there`, ja: `${library} がありません` } }
    : { kind: 'ready', version: LAST_COMMIT, detail: `${library}; never run on a GPU by its authors` };
}
