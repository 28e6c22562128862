/** Bytes that a folder takes, by the sizes of its files; a hard link counts each time. */
import { join } from 'node:path';
import type { Files } from '../../src/host/host.ts';

export function folderBytes(files: Files, folder: string): number {
  return files.list(folder).reduce((sum, name) => {
    const path = join(folder, name);
    return sum + (files.kind(path) === 'folder' ? folderBytes(files, path) : (files.size(path) ?? 0));
  }, 0);
}
