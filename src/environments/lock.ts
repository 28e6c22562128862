/**
 * Hash-locked requirement files of the repository: `python/locks/ENGINE/VERSION-SET/ACCELERATOR-pyMINOR.txt`, the same
 * for pip and uv. Their first lines say what was measured when they were made: bytes to download, bytes installed.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Files } from '../host/host.ts';
import { type EnvironmentName, environmentLabel } from './name.ts';

export const ACCELERATORS = ['cpu', 'cuda'] as const;
export type Accelerator = (typeof ACCELERATORS)[number];

export interface Lock {
  readonly name: EnvironmentName;
  readonly accelerator: Accelerator;
  /** `3.11` */
  readonly python: string;
  readonly path: string;
  /** SHA-256 of the file, the first 16 hexadecimal digits. */
  readonly hash: string;
  /** As measured when the lock was made; undefined where it could not be. */
  readonly downloadBytes: number | undefined;
  readonly installedBytes: number | undefined;
  /** Pinned versions by package. */
  readonly versions: Readonly<Record<string, string>>;
}

const FILE_NAME = /^(cpu|cuda)-py(\d)(\d+)\.txt$/;
const HASH_DIGITS = 16;

/** The locks of an environment, for every accelerator and Python that it was locked for. */
export function readLocks(
  files: Pick<Files, 'kind' | 'list' | 'readText'>,
  locksFolder: string,
  name: EnvironmentName,
): readonly Lock[] {
  const folder = join(locksFolder, name.engine, name.versionSet);
  if (files.kind(folder) !== 'folder') return [];
  return files.list(folder).flatMap((file) => {
    const [, accelerator, major, minor] = FILE_NAME.exec(file) ?? [];
    if (accelerator === undefined) return [];
    const path = join(folder, file);
    const text = files.readText(path);
    return [
      {
        name,
        accelerator: accelerator as Accelerator,
        python: `${major}.${minor}`,
        path,
        hash: createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS),
        downloadBytes: measured(text, 'download-bytes'),
        installedBytes: measured(text, 'installed-bytes'),
        versions: pinnedVersions(text),
      },
    ];
  });
}

/** `transformers@5.18 (cpu, Python 3.11)` */
export const lockText = ({ name, accelerator, python }: Lock): string =>
  `${environmentLabel(name)} (${accelerator}, Python ${python})`;

function measured(text: string, key: string): number | undefined {
  const found = new RegExp(`^# ${key}: (\\d+)$`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

function pinnedVersions(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^([A-Za-z0-9._-]+)==([^\s;\\]+)/gm)].map(([, name = '', version = '']) => [
      name,
      version,
    ]),
  );
}
