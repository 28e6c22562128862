/**
 * What a process prints, in a file without a name. A pipe would wake this process for every line while an engine is timed
 * (bitsandbytes prints one for every multiplication), and a full one would block the engine; a file does neither, and a
 * killed controller leaves none behind. Where the folder for temporary files is full, what is printed is lost.
 */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { temporaryBeside, writing } from './writing.ts';

/** Kept of the output: enough for an engine's last complaint. */
export const TAIL_BYTES: number = 8 * 1024;
/** A flood is cut to its tail beyond this size, looked at this often. */
const LIMIT_BYTES = 64 * 1024 * 1024;
const LOOK_EVERY_MS = 1_000;

/** Where a process prints. */
export interface OutputFile {
  /** To be given to the process; it appends. */
  readonly descriptor: number;
  /**
   * The last lines, `TAIL_BYTES` at most: whole ones where something was left out; bytes that are not UTF-8 become the
   * replacement character.
   */
  tail(): string;
  /** The tail stays. */
  close(): void;
}

/** A new one; beyond `limitBytes` it is cut to its tail. @throws HayasaError `file/disk-full`, `file/no-permission`: of the folder for temporary files */
export function openOutputFile(limitBytes: number = LIMIT_BYTES): OutputFile {
  const path = temporaryBeside(`${tmpdir()}/hayasa-output`);
  const descriptor = writing(path, () => {
    const { O_APPEND, O_CREAT, O_EXCL, O_RDWR } = constants;
    const opened = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL, 0o600);
    unlinkSync(path);
    return opened;
  });
  /** From before the last cut, or of the whole file once it is closed. */
  let before: Buffer = Buffer.alloc(0);
  let isCut = false;
  let isClosed = false;
  const read = (): Buffer => {
    const sizeBytes = isClosed ? 0 : fstatSync(descriptor).size;
    const bytes = Buffer.alloc(Math.min(sizeBytes, TAIL_BYTES));
    const readBytes = isClosed
      ? 0
      : readSync(descriptor, bytes, 0, bytes.byteLength, sizeBytes - bytes.byteLength);
    if (before.byteLength + sizeBytes > TAIL_BYTES) isCut = true;
    return Buffer.concat([before, bytes.subarray(0, readBytes)]).subarray(-TAIL_BYTES);
  };
  const looking = setInterval(() => {
    if (fstatSync(descriptor).size <= limitBytes) return;
    before = read();
    ftruncateSync(descriptor, 0);
  }, LOOK_EVERY_MS);
  looking.unref();
  return {
    descriptor,
    tail: () => {
      const text = read().toString('utf8');
      const newline = text.indexOf('\n');
      const isInside = isCut && newline !== -1 && newline < text.length - 1;
      return (isInside ? text.slice(newline + 1) : text).trimEnd();
    },
    close: () => {
      if (isClosed) return;
      before = read();
      isClosed = true;
      clearInterval(looking);
      closeSync(descriptor);
    },
  };
}
