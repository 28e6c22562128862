/**
 * The journal of a result of record: the same lines, compressed by gzip (any zcat shows them). The bytes depend on nothing
 * but the records and the build of zlib: no time, no file name, no operating system stands in the header.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Files } from '../host/host.ts';
import { EXIT, HayasaError, messageOf } from '../kernel/errors.ts';
import { formatRecord } from './append.ts';
import type { ReadRecord } from './packed-repeats.ts';
import { parseJournal, readPackedJournal } from './read.ts';
import type { JournalRecord } from './records.ts';
import type { RunFolder } from './run-folder.ts';

/** RFC 1952: the byte that names the operating system, and its value for "unknown". */
const SYSTEM_BYTE = 9;
const UNKNOWN_SYSTEM = 255;

/** The file of `records`. */
export function compressedJournal(records: readonly JournalRecord[]): Uint8Array {
  const lines = records.map((record) => Buffer.from(formatRecord(record), 'utf8'));
  const bytes = gzipSync(Buffer.concat(lines), { level: 9 });
  bytes[SYSTEM_BYTE] = UNKNOWN_SYSTEM;
  return bytes;
}

/** Whether the folder has its journal in compressed form only: a result of record, which no run goes on with as it is. */
export const isRecord = (files: Pick<Files, 'kind'>, paths: RunFolder): boolean =>
  files.kind(paths.journal) === undefined && files.kind(paths.compressedJournal) === 'file';

/**
 * The records of a run's folder, whichever form its journal has, repeats packed.
 * @throws HayasaError `journal/damaged`, `journal/newer-version`, `file/missing`
 */
export function readRunJournal(
  files: Pick<Files, 'kind' | 'size' | 'readRange' | 'readText'>,
  paths: RunFolder,
): readonly ReadRecord[] {
  if (!isRecord(files, paths)) return readPackedJournal(files, paths.journal).records;
  return parsed(files, paths.compressedJournal).records;
}

/** The lines of a result of record as a run's journal has them, checked. @throws HayasaError as `readRunJournal` */
export const uncompressedJournal = (
  files: Pick<Files, 'size' | 'readRange'>,
  { compressedJournal: path }: RunFolder,
): Uint8Array => parsed(files, path).bytes;

function parsed(
  files: Pick<Files, 'size' | 'readRange'>,
  path: string,
): { readonly bytes: Uint8Array; readonly records: readonly ReadRecord[] } {
  const bytes = unpacked(files, path);
  const { records, tornBytes } = parseJournal([bytes], path);
  if (tornBytes > 0) throw damaged(path, 'its last line has no end');
  return { bytes, records };
}

function unpacked(files: Pick<Files, 'size' | 'readRange'>, path: string): Uint8Array {
  const bytes = files.readRange(path, 0, files.size(path) ?? 0);
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw damaged(path, messageOf(error));
  }
}

const damaged = (path: string, reason: string): HayasaError =>
  new HayasaError({
    code: 'journal/damaged',
    message: { en: `${path}: ${reason}`, ja: `${path} が壊れています: ${reason}` },
    hint: {
      en: 'a compressed journal is written whole: take the file from where it came from again',
      ja: '圧縮したジャーナルは一度に書かれます。元の場所からファイルを取り直してください',
    },
    exitCode: EXIT.badInput,
  });
