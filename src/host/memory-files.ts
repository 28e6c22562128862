/** Files in memory with injectable faults: a disk that is full, paths that may not be read or written. */
import { posix } from 'node:path';
import { diskFullError, fileError, permissionError, truncatedError } from './file-errors.ts';
import type { Files } from './host.ts';

export interface MemoryFiles extends Files {
  /** From now on at most this many bytes fit in all files together. */
  limitBytes(capacityBytes: number): void;
  /** Reading `path`, or anything under it, fails with `file/not-readable`. */
  denyRead(path: string): void;
  /** Writing `path`, or anything under it, fails with `file/no-permission`. */
  denyWrite(path: string): void;
}

interface Entry {
  bytes: Uint8Array;
  length: number;
}

/** Free space of the unlimited disk: 1 TiB. */
const DEFAULT_CAPACITY_BYTES = 2 ** 40;

/** `initial`: contents by path; relative paths count from `currentFolder`. */
export function memoryFiles(
  initial: Readonly<Record<string, string | Uint8Array>>,
  currentFolder: string,
): MemoryFiles {
  const entries = new Map<string, Entry>();
  const folders = new Set<string>(['/']);
  const unreadable: string[] = [];
  const unwritable: string[] = [];
  let capacityBytes = DEFAULT_CAPACITY_BYTES;

  const absolute = (path: string): string => posix.resolve(currentFolder, path);
  const usedBytes = (): number => [...entries.values()].reduce((sum, { length }) => sum + length, 0);
  const isUnder = (path: string, roots: readonly string[]): boolean =>
    roots.some((root) => path === root || path.startsWith(`${root}/`));
  const makeFolders = (folder: string): void => {
    for (let name = folder; name !== '/'; name = posix.dirname(name)) folders.add(name);
  };
  const readable = (path: string): Entry => {
    const name = absolute(path);
    if (isUnder(name, unreadable)) throw permissionError(path, 'read');
    if (folders.has(name)) throw fileError(systemError('EISDIR'), path, 'read');
    const entry = entries.get(name);
    if (entry === undefined) throw fileError(systemError('ENOENT'), path, 'read');
    return entry;
  };
  const checkWritable = (path: string): string => {
    const name = absolute(path);
    if (isUnder(name, unwritable)) throw permissionError(path, 'write');
    if (folders.has(name)) throw fileError(systemError('EISDIR'), path, 'write');
    return name;
  };
  const checkMovable = (path: string): string => {
    const name = absolute(path);
    if (isUnder(name, unwritable)) throw permissionError(path, 'write');
    return name;
  };
  const extend = (path: string, entry: Entry, bytes: Uint8Array): void => {
    if (usedBytes() + bytes.byteLength > capacityBytes) throw diskFullError(path, 'ENOSPC');
    const needed = entry.length + bytes.byteLength;
    if (needed > entry.bytes.byteLength) {
      const grown = new Uint8Array(Math.max(needed, 2 * entry.bytes.byteLength));
      grown.set(entry.bytes.subarray(0, entry.length));
      entry.bytes = grown;
    }
    entry.bytes.set(bytes, entry.length);
    entry.length = needed;
  };
  const createFile: Files['createFile'] = (path) => {
    const name = checkWritable(path);
    const temporary = `${name}.partial`;
    const entry: Entry = { bytes: new Uint8Array(0), length: 0 };
    makeFolders(posix.dirname(name));
    entries.set(temporary, entry);
    return {
      get position() {
        return entry.length;
      },
      write: (bytes) => {
        try {
          checkWritable(path);
          extend(path, entry, bytes);
        } catch (error) {
          entries.delete(temporary);
          throw error;
        }
      },
      commit: () => {
        entries.delete(temporary);
        entries.set(name, entry);
      },
      discard: () => {
        entries.delete(temporary);
      },
    };
  };

  const files: MemoryFiles = {
    readText: (path) => textOf(readable(path)),
    tryReadText: (path) => {
      const name = absolute(path);
      const entry = isUnder(name, unreadable) ? undefined : entries.get(name);
      return entry === undefined ? undefined : textOf(entry);
    },
    readRange: (path, offset, length, into) => {
      const entry = readable(path);
      if (offset + length > entry.length) throw truncatedError(path, offset + length, entry.length);
      if (into === undefined) return entry.bytes.slice(offset, offset + length);
      into.set(entry.bytes.subarray(offset, offset + length));
      return into.subarray(0, length);
    },
    writeText: (path, text) => {
      const file = createFile(path);
      file.write(Buffer.from(text, 'utf8'));
      file.commit();
    },
    size: (path) => entries.get(absolute(path))?.length,
    kind: (path) => {
      const name = absolute(path);
      return entries.has(name) ? 'file' : folders.has(name) ? 'folder' : undefined;
    },
    list: (folder) => {
      const name = absolute(folder);
      if (!folders.has(name)) throw fileError(systemError('ENOENT'), folder, 'read');
      if (isUnder(name, unreadable)) throw permissionError(folder, 'read');
      return [...entries.keys(), ...folders]
        .filter((path) => path !== '/' && posix.dirname(path) === name)
        .map((path) => posix.basename(path))
        .sort();
    },
    makeFolder: (path) => {
      const name = absolute(path);
      if (isUnder(name, unwritable)) throw permissionError(path, 'write');
      makeFolders(name);
    },
    remove: (path) => {
      const name = absolute(path);
      if (isUnder(name, unwritable)) throw permissionError(path, 'write');
      for (const key of [...entries.keys()]) if (isUnder(key, [name])) entries.delete(key);
      for (const key of [...folders]) if (isUnder(key, [name])) folders.delete(key);
    },
    freeBytes: () => Math.max(0, capacityBytes - usedBytes()),
    openAppend: (path) => {
      const name = checkWritable(path);
      const entry = entries.get(name) ?? { bytes: new Uint8Array(0), length: 0 };
      makeFolders(posix.dirname(name));
      entries.set(name, entry);
      return {
        append: (text) => {
          checkWritable(path);
          extend(path, entry, Buffer.from(text, 'utf8'));
        },
        appendBytes: (bytes) => {
          checkWritable(path);
          extend(path, entry, bytes);
        },
        sync: () => {},
        close: () => {},
      };
    },
    truncate: (path, lengthBytes) => {
      const entry = entries.get(checkWritable(path));
      if (entry === undefined) throw fileError(systemError('ENOENT'), path, 'write');
      entry.length = Math.min(entry.length, lengthBytes);
    },
    createFile,
    linkOrCopy: (from, to) => {
      const source = readable(from);
      const name = checkWritable(to);
      makeFolders(posix.dirname(name));
      entries.set(name, source);
      return 'linked';
    },
    symbolicLink: (target, path) => {
      const source = posix.resolve(posix.dirname(absolute(path)), target);
      files.linkOrCopy(source, path);
    },
    rename: (from, to) => {
      const [source, target] = [checkMovable(from), checkMovable(to)];
      if (files.kind(source) === undefined) throw fileError(systemError('ENOENT'), from, 'write');
      if (folders.has(target)) throw fileError(systemError('ENOTEMPTY'), to, 'write');
      makeFolders(posix.dirname(target));
      const moved = (path: string): string => target + path.slice(source.length);
      for (const [path, entry] of [...entries].filter(([path]) => isUnder(path, [source]))) {
        entries.delete(path);
        entries.set(moved(path), entry);
      }
      for (const path of [...folders].filter((path) => isUnder(path, [source]))) {
        folders.delete(path);
        folders.add(moved(path));
      }
    },
    createExclusive: (path, text) => {
      if (files.kind(path) !== undefined) return false;
      const file = createFile(path);
      file.write(Buffer.from(text, 'utf8'));
      file.commit();
      return true;
    },
    treeBytes: (folder) =>
      [...entries]
        .filter(([path]) => isUnder(path, [absolute(folder)]))
        .reduce((sum, [, { length }]) => sum + length, 0),
    realPath: (path) => {
      const name = absolute(path);
      if (files.kind(name) === undefined) throw fileError(systemError('ENOENT'), path, 'read');
      return name;
    },
    limitBytes: (limit) => {
      capacityBytes = limit;
    },
    denyRead: (path) => {
      unreadable.push(absolute(path));
    },
    denyWrite: (path) => {
      unwritable.push(absolute(path));
    },
  };
  for (const [path, content] of Object.entries(initial)) {
    const file = createFile(path);
    file.write(typeof content === 'string' ? Buffer.from(content, 'utf8') : content);
    file.commit();
  }
  return files;
}

const textOf = (entry: Entry): string => Buffer.from(entry.bytes.subarray(0, entry.length)).toString('utf8');

/** What the operating system would have thrown. */
const systemError = (code: string): Error => Object.assign(new Error(code), { code });
