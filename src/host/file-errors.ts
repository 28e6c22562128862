/**
 * Operating-system errors of file calls as errors that a user can act on. The code is stable:
 * `file/missing`, `file/not-readable`, `file/no-permission`, `file/disk-full`, `file/cycle`, `file/truncated`,
 * `file/not-a-file`, `file/failed`.
 */
import { HayasaError, messageOf } from '../kernel/errors.ts';

export type FileIntent = 'read' | 'write';

/** The error of a failed call on `path`; errors that are ours already pass unchanged. */
export function fileError(error: unknown, path: string, intent: FileIntent): HayasaError {
  if (error instanceof HayasaError) return error;
  const systemCode = systemCodeOf(error) ?? 'none';
  switch (systemCode) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new HayasaError({
        code: 'file/missing',
        message: `${path}: no such file or folder`,
        hint: 'check the path',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return permissionError(path, intent, error);
    case 'ENOSPC':
    case 'EFBIG':
    case 'EDQUOT':
      return diskFullError(path, systemCode, error);
    case 'ELOOP':
      return new HayasaError({
        code: 'file/cycle',
        message: `${path}: symbolic links form a cycle`,
        hint: 'remove the link that points back to itself',
        cause: error,
      });
    case 'EISDIR':
      return new HayasaError({
        code: 'file/not-a-file',
        message: `${path}: is a folder, not a file`,
        hint: 'name a file inside it',
        cause: error,
      });
    default:
      return new HayasaError({
        code: 'file/failed',
        message: `${path}: cannot ${intent}: ${messageOf(error)}`,
        hint: 'check the file system that holds it',
        cause: error,
      });
  }
}

/** A device, a pipe or a socket where a file is read: it may never end. */
export function irregularError(path: string): HayasaError {
  return new HayasaError({
    code: 'file/not-a-file',
    message: `${path}: is no regular file (a device, a pipe or a socket)`,
    hint: 'write what it gives to a file, and name that',
  });
}

/** A file that ends before the bytes that were asked for. */
export function truncatedError(path: string, end: number, size: number): HayasaError {
  return new HayasaError({
    code: 'file/truncated',
    message: `${path}: needed ${end} bytes, the file has ${size}`,
    hint: 'the file is incomplete: fetch or make it again',
  });
}

export function permissionError(path: string, intent: FileIntent, cause?: unknown): HayasaError {
  return new HayasaError(
    intent === 'read'
      ? {
          code: 'file/not-readable',
          message: `${path}: no permission to read`,
          hint: 'give this user read access',
          cause,
        }
      : {
          code: 'file/no-permission',
          message: `${path}: no permission to write`,
          hint: 'choose a folder that this user may write to',
          cause,
        },
  );
}

export function diskFullError(
  path: string,
  systemCode: 'ENOSPC' | 'EFBIG' | 'EDQUOT',
  cause?: unknown,
): HayasaError {
  const reasons = {
    ENOSPC: 'the disk is full',
    EFBIG: 'the file would pass the file-size limit',
    EDQUOT: 'the disk quota is used up',
  };
  return new HayasaError({
    code: 'file/disk-full',
    message: `${path}: ${reasons[systemCode]}`,
    hint: 'free some space, raise the limit, or choose another folder',
    cause,
  });
}

/** `ENOENT`, `EACCES`, ... of a thrown value, or undefined. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = (error as NodeJS.ErrnoException).code;
  return typeof code === 'string' ? code : undefined;
}
