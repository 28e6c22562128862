/** Makes the environment of a lock: whole and in its place, or absent. */

import type { Host } from '../host/host.ts';
import { runProcess } from '../host/run-process.ts';
import { EXIT, HayasaError } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import { explainFailure } from './explain.ts';
import {
  endingWithParent,
  type InstallerId,
  type InstallSources,
  installSteps,
  pipFindLinks,
} from './installer.ts';
import { interrupted } from './interrupted.ts';
import { type Lock, lockText } from './lock.ts';
import { environmentLabel } from './name.ts';
import type { Python } from './python.ts';
import { environmentFolder, type InstalledEnvironment, readEnvironment, writeRecord } from './record.ts';
import { openStaging } from './staging.ts';

export interface InstallTask {
  readonly lock: Lock;
  readonly python: Python;
  readonly installer: InstallerId;
  readonly sources: InstallSources;
  readonly signal: AbortSignal;
  readonly onStep: (name: Words) => void;
  /** What the installer prints. */
  readonly onOutput: (text: string) => void;
}

/** Free space asked for beyond what is downloaded and what the environment takes: caches of the installer, byte code. */
const SPARE_BYTES = 256 * 2 ** 20;

/**
 * @throws HayasaError `environment/busy`, `environment/disk-full`, `environment/interrupted`, and those of
 * `explainFailure`; nothing of the new environment is left then, and an older one is as it was
 */
export async function installEnvironment(host: Host, task: InstallTask): Promise<InstalledEnvironment> {
  const { lock, python, installer, signal } = task;
  const label = environmentLabel(lock.name);
  const target = environmentFolder(host.system, lock.name);
  checkSpace(host, lock, target);
  const findLinks =
    task.sources.findLinks ?? (installer === 'uv' ? await pipFindLinks(host, python.command) : undefined);
  const sources = { ...task.sources, ...(findLinks === undefined ? {} : { findLinks }) };
  const staging = openStaging(host, label);
  try {
    for (const { name, command } of installSteps(
      installer,
      python.command,
      staging.folder,
      lock.path,
      sources,
    )) {
      task.onStep(name);
      const environment = { ...host.system.environment, TMPDIR: staging.scratch };
      const spec = { ...endingWithParent(python.executable, command), environment };
      const { exit, stdout, stderr, aborted } = await runProcess(spec, { signal, onOutput: task.onOutput });
      if (aborted) throw interrupted(label);
      if (exit.kind === 'exited' && exit.code === 0) continue;
      const why = exit.kind === 'not-started' ? exit.message : `${stdout}${stderr}`;
      throw explainFailure(label, name, why);
    }
    writeRecord(host.files, staging.folder, {
      ...lock.name,
      accelerator: lock.accelerator,
      lockHash: lock.hash,
      python: python.version,
      installer,
      bytes: host.files.treeBytes(staging.folder),
    });
    staging.commit(target);
  } finally {
    staging.close();
  }
  const made = readEnvironment(host.files, target);
  if (made !== undefined) return made;
  throw new HayasaError({
    code: 'environment/vanished',
    message: {
      en: `${target}: was installed and is not there`,
      ja: `${target}: インストールしたはずの環境がありません`,
    },
    hint: {
      en: 'is something else writing to this folder?',
      ja: 'ほかのプログラムがこのフォルダーに書き込んでいないか確認してください',
    },
    exitCode: EXIT.internal,
  });
}

function checkSpace({ files, system }: Host, lock: Lock, target: string): void {
  const needed = (lock.downloadBytes ?? 0) + (lock.installedBytes ?? 0) + SPARE_BYTES;
  const free = files.freeBytes(system.dataFolder);
  if (free >= needed) return;
  throw new HayasaError({
    code: 'environment/disk-full',
    message: {
      en: `${lockText(lock)} needs ${megabytes(needed)} MB, ${target} has ${megabytes(free)} MB free`,
      ja: `${lockText(lock)} には ${megabytes(needed)} MB 必要ですが、${target} の空きは ${megabytes(free)} MB です`,
    },
    hint: {
      en: 'free space, or set HAYASA_DATA to a folder on a larger disk',
      ja: '空き容量を増やすか、HAYASA_DATA に容量の大きいディスクのフォルダーを設定してください',
    },
  });
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
