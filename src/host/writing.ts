/** Files being written: whole texts put in place atomically, appended logs, and streamed new files. */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileError, systemCodeOf } from './file-errors.ts';
import type { AppendFile, NewFile } from './host.ts';
import { isProcess, ownPid } from './own-process.ts';

let temporaryNames = 0;

/** A name beside `path` that no other writer uses. */
export function temporaryBeside(path: string): string {
  temporaryNames += 1;
  return join(dirname(path), `.${basename(path)}.${ownPid()}-${temporaryNames}.partial`);
}

/** Removes what writers of `path` left beside it that were killed: it can be as large as a checkpoint. */
export function removeLeftovers(path: string): void {
  const folder = dirname(path);
  const start = `.${basename(path)}.`;
  for (const name of readdirSync(folder)) {
    const writer = name.startsWith(start) ? /^(\d+)-\d+\.partial$/.exec(name.slice(start.length)) : null;
    if (writer !== null && !isProcess(Number(writer[1]))) rmSync(join(folder, name), { force: true });
  }
}

/** Runs a file call and maps what it throws. @throws HayasaError */
export function writing<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileError(error, path, 'write');
  }
}

/** Puts `text` in place: beside, fsync, rename. A device or pipe is written as it is. @throws HayasaError */
export function writeTextAtomically(path: string, text: string): void {
  if (isSpecial(path)) {
    const file = openForAppend(path);
    try {
      file.append(text);
    } finally {
      file.close();
    }
    return;
  }
  const file = createStreamed(path);
  file.write(Buffer.from(text, 'utf8'));
  file.commit();
}

/** Appends with one write call per text; a failed append leaves nothing of itself behind. @throws HayasaError */
export function openForAppend(path: string): AppendFile {
  const descriptor = writing(path, () => {
    if (!isSpecial(path)) mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a');
  });
  const appendBytes = (bytes: Uint8Array): void => {
    const before = fstatSync(descriptor);
    try {
      writeAll(descriptor, bytes);
    } catch (error) {
      if (before.isFile()) ftruncateSync(descriptor, before.size);
      throw fileError(error, path, 'write');
    }
  };
  return {
    append: (text) => appendBytes(Buffer.from(text, 'utf8')),
    appendBytes,
    sync: () => writing(path, () => syncDescriptor(descriptor)),
    close: () => closeSync(descriptor),
  };
}

/** See `Files.truncate`. @throws HayasaError */
export function cutFile(path: string, lengthBytes: number): void {
  writing(path, () => {
    const descriptor = openSync(path, 'r+');
    try {
      ftruncateSync(descriptor, lengthBytes);
      syncDescriptor(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** See `Files.createFile`. @throws HayasaError */
export function createStreamed(path: string): NewFile {
  const target = throughLinks(path);
  const temporary = temporaryBeside(target);
  const descriptor = writing(path, () => {
    mkdirSync(dirname(target), { recursive: true });
    removeLeftovers(target);
    return openSync(temporary, 'wx');
  });
  let position = 0;
  let open = true;
  const discard = (): void => {
    if (!open) return;
    open = false;
    closeSync(descriptor);
    rmSync(temporary, { force: true });
  };
  const orDiscard = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      discard();
      throw fileError(error, path, 'write');
    }
  };
  return {
    get position() {
      return position;
    },
    write: (bytes) => {
      orDiscard(() => writeAll(descriptor, bytes));
      position += bytes.byteLength;
    },
    commit: () => {
      orDiscard(() => fsyncSync(descriptor));
      open = false;
      closeSync(descriptor);
      writing(path, () => renameSync(temporary, target));
      syncFolder(dirname(target));
    },
    discard,
  };
}

/** See `Files.rename`. @throws HayasaError */
export function renameDurably(from: string, to: string): void {
  writing(to, () => {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
    syncFolder(dirname(to));
  });
}

/** See `Files.createExclusive`. @throws HayasaError */
export function createExclusive(path: string, text: string): boolean {
  return writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    try {
      writeFileSync(path, text, { flag: 'wx' });
      return true;
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST') return false;
      throw error;
    }
  });
}

/** A short write (a nearly full disk) is followed by one that reports the error. */
function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.byteLength; ) done += writeSync(descriptor, bytes, done);
}

/** Devices and pipes have nothing to make durable. */
function syncDescriptor(descriptor: number): void {
  if (fstatSync(descriptor).isFile()) fsyncSync(descriptor);
}

/** Makes the rename itself durable, where folders can be opened (not on Windows). */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function isSpecial(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

/** The file behind a symbolic link, so that the link stays when its file is replaced. */
function throughLinks(path: string): string {
  return writing(path, () =>
    statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path),
  );
}
