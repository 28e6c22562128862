/**
 * The cache layout of Hugging Face's tools, shared with them: `models--owner--name/` holds `blobs/<hash>`, `refs/<revision>`
 * (a file with the commit) and `snapshots/<commit>/<file>`, a link to its blob.
 */
import { join } from 'node:path';
import type { Files } from '../host/host.ts';
import type { HubId } from '../models/hub-id.ts';
import { INDEX_FILE, SINGLE_FILE, shardNames, TOKENIZERS } from './wanted.ts';

/** What of a model is asked for: all of it, or what a tokenizer needs. */
export type HubPart = 'model' | 'tokenizer';

export interface HubSnapshot {
  /** Absolute. */
  readonly folder: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
}

export const COMMIT = /^[0-9a-f]{40}$/;

export const repositoryFolder = (cacheFolder: string, { name }: HubId): string =>
  join(cacheFolder, `models--${name.replace('/', '--')}`);

export const snapshotFolder = (cacheFolder: string, id: HubId, commit: string): string =>
  join(repositoryFolder(cacheFolder, id), 'snapshots', commit);

/** The snapshot that the cache holds whole for `id`, or undefined. Asks nothing of the network. */
export function cachedSnapshot(
  files: Files,
  cacheFolder: string,
  id: HubId,
  part: HubPart,
): HubSnapshot | undefined {
  const reference = join(repositoryFolder(cacheFolder, id), 'refs', id.revision);
  const commit = COMMIT.test(id.revision) ? id.revision : files.tryReadText(reference)?.trim();
  if (commit === undefined || !COMMIT.test(commit)) return undefined;
  const folder = snapshotFolder(cacheFolder, id, commit);
  return isWhole(files, folder, part) ? { folder, commit } : undefined;
}

/** Other tools fetch single files into the same folders: config.json alone is no model. */
function isWhole(files: Files, folder: string, part: HubPart): boolean {
  const has = (name: string): boolean => files.kind(join(folder, name)) === 'file';
  if (part === 'tokenizer') return TOKENIZERS.some(has);
  if (!has('config.json')) return false;
  if (has(SINGLE_FILE)) return true;
  const index = has(INDEX_FILE) ? files.tryReadText(join(folder, INDEX_FILE)) : undefined;
  const shards = index === undefined ? undefined : shardNames(index);
  return shards !== undefined && shards.length > 0 && shards.every(has);
}
