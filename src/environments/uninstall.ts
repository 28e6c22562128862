/** Removes an environment: gone under its name at once, then from the disk. */
import type { Host } from '../host/host.ts';
import { type EnvironmentName, environmentLabel } from './name.ts';
import { environmentFolder } from './record.ts';
import { openStaging } from './staging.ts';

/** Bytes that it held, or undefined where nothing was installed. @throws HayasaError `environment/busy` */
export function uninstallEnvironment(
  host: Pick<Host, 'files' | 'system'>,
  name: EnvironmentName,
): number | undefined {
  const { files, system } = host;
  const folder = environmentFolder(system, name);
  if (files.kind(folder) === undefined) return undefined;
  const staging = openStaging(host, environmentLabel(name));
  try {
    const bytes = files.treeBytes(folder);
    files.rename(folder, staging.folder);
    return bytes;
  } finally {
    staging.close();
  }
}
