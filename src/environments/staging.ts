/**
 * One installer at a time works on an environment, in a folder of its own that becomes the environment by one rename.
 * What a killed installer left is removed by the next.
 */
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { ownPid } from '../host/own-process.ts';
import { takeLock } from '../host/process-lock.ts';
import { HayasaError } from '../kernel/errors.ts';
import { environmentsFolder } from './folders.ts';

export interface Staging {
  /** Where the environment is built; not there yet. */
  readonly folder: string;
  /** For the installer's own temporary files: on the disk whose room was checked, and removed with the rest. */
  readonly scratch: string;
  /** Puts what was built in place of `target`, whole. */
  commit(target: string): void;
  /** Removes what was built, if it was not committed, and lets others in. */
  close(): void;
}

/** @throws HayasaError `environment/busy` where another process installs the same */
export function openStaging({ files, system }: Pick<Host, 'files' | 'system'>, label: string): Staging {
  const root = environmentsFolder(system);
  const claim = join(root, `.${label}.installing`);
  const lock = takeLock(files, claim);
  if (lock.kind === 'busy') {
    throw new HayasaError({
      code: 'environment/busy',
      message: {
        en: `${label}: process ${lock.pid} is installing it`,
        ja: `${label}: プロセス ${lock.pid} がインストール中です`,
      },
      hint: {
        en: `wait until it is done; if it is not Hayasa, remove ${claim}`,
        ja: `終わるまで待ってください。それが Hayasa でなければ ${claim} を削除してください`,
      },
    });
  }
  const pid = ownPid();
  const folder = join(root, `.${label}.${pid}.partial`);
  const scratch = join(root, `.${label}.${pid}.scratch.partial`);
  for (const left of leftovers(files, root, label)) files.remove(left);
  files.makeFolder(scratch);
  return {
    folder,
    scratch,
    commit: (target) => {
      const old = join(root, `.${label}.${pid}.old`);
      if (files.kind(target) !== undefined) files.rename(target, old);
      files.rename(folder, target);
      files.remove(old);
    },
    close: () => {
      files.remove(folder);
      files.remove(scratch);
      lock.release();
    },
  };
}

/** Folders of installers of `label` that ended without cleaning up. */
function leftovers(files: Host['files'], root: string, label: string): readonly string[] {
  return files
    .list(root)
    .filter((name) => name.startsWith(`.${label}.`) && /\.(partial|old)$/.test(name))
    .map((name) => join(root, name));
}
