/**
 * Operating-system errors of file calls as errors that a user can act on. The code is stable:
 * `file/missing`, `file/not-readable`, `file/no-permission`, `file/disk-full`, `file/cycle`, `file/truncated`,
 * `file/not-a-file`, `file/failed`.
 */
import { HayasaError, messageOf } from '../kernel/errors.ts';
import { inEvery, type Words } from '../kernel/language.ts';

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
        message: {
          en: `${path}: no such file or folder`,
          ja: `${path}: そのようなファイルもフォルダーもありません`,
        },
        hint: { en: 'check the path', ja: 'パスを確認してください' },
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
        message: {
          en: `${path}: symbolic links form a cycle`,
          ja: `${path}: シンボリックリンクが循環しています`,
        },
        hint: {
          en: 'remove the link that points back to itself',
          ja: '循環しているリンクを削除してください',
        },
        cause: error,
      });
    case 'EISDIR':
      return new HayasaError({
        code: 'file/not-a-file',
        message: { en: `${path}: is a folder, not a file`, ja: `${path}: ファイルではなくフォルダーです` },
        hint: { en: 'name a file inside it', ja: 'その中のファイルを指定してください' },
        cause: error,
      });
    default:
      return new HayasaError({
        code: 'file/failed',
        message: {
          en: `${path}: cannot ${intent}: ${messageOf(error)}`,
          ja: `${path}: ${intent === 'read' ? '読み込め' : '書き込め'}ません: ${messageOf(error)}`,
        },
        hint: { en: 'check the file system that holds it', ja: 'そのファイルシステムを確認してください' },
        cause: error,
      });
  }
}

/** A device, a pipe or a socket where a file is read: it may never end. */
export function irregularError(path: string): HayasaError {
  return new HayasaError({
    code: 'file/not-a-file',
    message: {
      en: `${path}: is no regular file (a device, a pipe or a socket)`,
      ja: `${path}: 通常のファイルではありません（デバイス、パイプ、ソケット）`,
    },
    hint: {
      en: 'write what it gives to a file, and name that',
      ja: '内容をいったんファイルに書き出し、それを指定してください',
    },
  });
}

/** A file that ends before the bytes that were asked for. */
export function truncatedError(path: string, end: number, size: number): HayasaError {
  return new HayasaError({
    code: 'file/truncated',
    message: {
      en: `${path}: needed ${end} bytes, the file has ${size}`,
      ja: `${path}: ${end} バイト必要ですが、ファイルは ${size} バイトです`,
    },
    hint: {
      en: 'the file is incomplete: fetch or make it again',
      ja: 'ファイルが不完全です。取得し直すか作り直してください',
    },
  });
}

export function permissionError(path: string, intent: FileIntent, cause?: unknown): HayasaError {
  return new HayasaError(
    intent === 'read'
      ? {
          code: 'file/not-readable',
          message: { en: `${path}: no permission to read`, ja: `${path}: 読み取り権限がありません` },
          hint: { en: 'give this user read access', ja: 'このユーザーに読み取り権限を与えてください' },
          cause,
        }
      : {
          code: 'file/no-permission',
          message: { en: `${path}: no permission to write`, ja: `${path}: 書き込み権限がありません` },
          hint: {
            en: 'choose a folder that this user may write to',
            ja: 'このユーザーが書き込めるフォルダーを選んでください',
          },
          cause,
        },
  );
}

export function diskFullError(
  path: string,
  systemCode: 'ENOSPC' | 'EFBIG' | 'EDQUOT',
  cause?: unknown,
): HayasaError {
  const reasons: Readonly<Record<typeof systemCode, Words>> = {
    ENOSPC: { en: 'the disk is full', ja: 'ディスクに空きがありません' },
    EFBIG: { en: 'the file would pass the file-size limit', ja: 'ファイルサイズの上限を超えます' },
    EDQUOT: { en: 'the disk quota is used up', ja: 'ディスククォータを使い切りました' },
  };
  return new HayasaError({
    code: 'file/disk-full',
    message: inEvery((say) => `${path}: ${say(reasons[systemCode])}`),
    hint: {
      en: 'free some space, raise the limit, or choose another folder',
      ja: '空き容量を増やすか、上限を上げるか、別のフォルダーを選んでください',
    },
    cause,
  });
}

/** `ENOENT`, `EACCES`, ... of a thrown value, or undefined. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = (error as NodeJS.ErrnoException).code;
  return typeof code === 'string' ? code : undefined;
}
