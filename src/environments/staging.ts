/**
 * One installer at a time works on an environment, in a folder of its own that becomes the environment by one rename.
 * What a killed installer left is recognised by its process id and removed by the next.
 */
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { isProcess, ownPid } from '../host/own-process.ts';
import { HayasaError } from '../kernel/errors.ts';
import { environmentsFolder } from './folders.ts';

export interface Staging {
  /** Where the environment is built; not there yet. */
  readonly folder: string;
  /** Puts what was built in place of `target`, whole. */
  commit(target: string): void;
  /** Removes what was built, if it was not committed, and lets others in. */
  close(): void;
}

/** @throws HayasaError `environment/busy` where another process installs the same */
export function openStaging({ files, system }: Pick<Host, 'files' | 'system'>, label: string): Staging {
  const root = environmentsFolder(system);
  const claim = join(root, `.${label}.installing`);
  const pid = String(ownPid());
  if (!files.createExclusive(claim, pid)) {
    const owner = files.tryReadText(claim) ?? '';
    if (owner !== pid && isProcess(Number(owner))) {
      throw new HayasaError({
        code: 'environment/busy',
        message: `${label}: process ${owner} is installing it`,
        hint: `wait until it is done; if it is not Hayasa, remove ${claim}`,
      });
    }
    // Its owner was killed. Two that find this at once both remove it, and one of them makes it.
    files.remove(claim);
    if (!files.createExclusive(claim, pid)) return openStaging({ files, system }, label);
  }
  const folder = join(root, `.${label}.${pid}.partial`);
  for (const left of leftovers(files, root, label)) files.remove(left);
  return {
    folder,
    commit: (target) => {
      const old = join(root, `.${label}.${pid}.old`);
      if (files.kind(target) !== undefined) files.rename(target, old);
      files.rename(folder, target);
      files.remove(old);
    },
    close: () => {
      files.remove(folder);
      files.remove(claim);
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
