/** The real file system behind `Files`. */
import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statfsSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileError, irregularError, systemCodeOf, truncatedError } from './file-errors.ts';
import type { Files } from './host.ts';
import {
  createExclusive,
  createStreamed,
  cutFile,
  openForAppend,
  removeLeftovers,
  renameDurably,
  temporaryBeside,
  writeTextAtomically,
  writing,
} from './writing.ts';

/** Errors of `link` that mean "not on this file system": a copy does instead. */
const UNLINKABLE: ReadonlySet<string | undefined> = new Set([
  'EXDEV',
  'EPERM',
  'EMLINK',
  'ENOTSUP',
  'ENOSYS',
]);

export function realFiles(): Files {
  return {
    readText: (path) => reading(path, () => readText(path)),
    tryReadText: (path) => {
      try {
        return readText(path);
      } catch {
        return undefined;
      }
    },
    readRange: (path, offset, length, into) => reading(path, () => readRange(path, offset, length, into)),
    writeText: writeTextAtomically,
    size: (path) => tryStat(path)?.size,
    kind: (path) => {
      const stat = tryStat(path);
      if (stat === undefined) return undefined;
      return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
    },
    list: (folder) => reading(folder, () => readdirSync(folder).sort()),
    makeFolder: (path) => {
      writing(path, () => mkdirSync(path, { recursive: true }));
    },
    remove: (path) => {
      writing(path, () => rmSync(path, { recursive: true, force: true }));
    },
    freeBytes: (path) => reading(path, () => freeBytes(path)),
    openAppend: openForAppend,
    truncate: cutFile,
    createFile: createStreamed,
    linkOrCopy: (from, to) => writing(to, () => linkOrCopy(from, to)),
    symbolicLink: (target, path) => writing(path, () => symbolicLink(target, path)),
    rename: renameDurably,
    createExclusive,
    treeBytes: (folder) => reading(folder, () => treeBytes(folder)),
    realPath: (path) => reading(path, () => realpathSync(path)),
  };
}

/** Runs a file call and maps what it throws. @throws HayasaError */
function reading<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

function tryStat(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Devices never end, and opening a pipe waits for its writer: asked before anything is opened. */
function refuseIrregular(path: string): void {
  const stat = statSync(path);
  if (!stat.isFile() && !stat.isDirectory()) throw irregularError(path);
}

function readText(path: string): string {
  refuseIrregular(path);
  return readFileSync(path, 'utf8');
}

function readRange(path: string, offset: number, length: number, into?: Uint8Array): Uint8Array {
  refuseIrregular(path);
  const descriptor = openSync(path, 'r');
  try {
    // The size is checked first, so that a lying header cannot ask for a buffer of any size.
    const stat = fstatSync(descriptor);
    if (stat.isFile() && offset + length > stat.size) throw truncatedError(path, offset + length, stat.size);
    const bytes = into?.subarray(0, length) ?? new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const count = readSync(descriptor, bytes, done, length - done, offset + done);
      if (count === 0) throw truncatedError(path, offset + length, offset + done);
      done += count;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

function freeBytes(path: string): number {
  let existing = resolve(path);
  while (tryStat(existing) === undefined && dirname(existing) !== existing) existing = dirname(existing);
  const stat = statfsSync(existing);
  return stat.bavail * stat.bsize;
}

function treeBytes(folder: string): number {
  if (tryStat(folder) === undefined) return 0;
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? treeBytes(path) : (lstatSync(path, { throwIfNoEntry: false })?.size ?? 0);
    })
    .reduce((sum, bytes) => sum + bytes, 0);
}

function linkOrCopy(from: string, to: string): 'linked' | 'copied' {
  // Resolved first: a hard link to a symbolic link would leave the folder again.
  const source = reading(from, () => realpathSync(from));
  mkdirSync(dirname(to), { recursive: true });
  removeLeftovers(to);
  const temporary = temporaryBeside(to);
  try {
    const how = placeAt(source, temporary);
    renameSync(temporary, to);
    return how;
  } finally {
    // Renaming one link of a file onto another of the same file leaves both.
    rmSync(temporary, { force: true });
  }
}

function symbolicLink(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = temporaryBeside(path);
  try {
    symlinkSync(target, temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    if (!UNLINKABLE.has(systemCodeOf(error))) throw error;
    linkOrCopy(resolve(dirname(path), target), path);
  }
}

function placeAt(source: string, target: string): 'linked' | 'copied' {
  try {
    linkSync(source, target);
    return 'linked';
  } catch (error) {
    if (!UNLINKABLE.has(systemCodeOf(error))) throw error;
    copyFileSync(source, target, constants.COPYFILE_FICLONE);
    return 'copied';
  }
}
