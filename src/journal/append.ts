/**
 * Writing the journal: one record, one line, one write; durable (fsync) when `sync` is called, which the run loop does
 * once per launch. Opening an existing journal reads it and cuts a torn last line, so that a run goes on where it was.
 * One process at a time writes it: two would disturb each other's repeats and take each other's places.
 */
import type { Files } from '../host/host.ts';
import { takeLock } from '../host/process-lock.ts';
import { HayasaError } from '../kernel/errors.ts';
import { type ReadJournal, readJournal } from './read.ts';
import { JOURNAL_VERSION, type JournalRecord } from './records.ts';

export interface Journal {
  /** What stood in the journal when it was opened. */
  readonly before: readonly JournalRecord[];
  /** Bytes of a torn last line that opening cut away. */
  readonly cutBytes: number;
  /** Token ids whose digest the journal already holds are not written again. @throws HayasaError `file/disk-full` */
  append(record: JournalRecord): void;
  sync(): void;
  close(): void;
}

/**
 * Opens (or begins) the journal at `path`.
 * @throws HayasaError `run/busy` where another process writes it, `journal/damaged`, `file/disk-full`, `file/no-permission`
 */
export function openJournal(files: Files, path: string): Journal {
  const lockPath = `${path}.lock`;
  const lock = takeLock(files, lockPath);
  if (lock.kind === 'busy') {
    throw new HayasaError({
      code: 'run/busy',
      message: {
        en: `${path}: process ${lock.pid} is measuring into it`,
        ja: `${path}: プロセス ${lock.pid} がここに計測結果を書き込んでいます`,
      },
      hint: {
        en: `wait until it is done, or measure into another folder with --out; if it is not Hayasa, remove ${lockPath}`,
        ja: `終わるまで待つか、--out で別のフォルダーに計測してください。それが Hayasa でなければ ${lockPath} を削除してください`,
      },
    });
  }
  try {
    return openLocked(files, path, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openLocked(files: Files, path: string, release: () => void): Journal {
  const existing: ReadJournal =
    files.size(path) === undefined
      ? { records: [], intactBytes: 0, tornBytes: 0, version: JOURNAL_VERSION }
      : readJournal(files, path);
  if (existing.tornBytes > 0) files.truncate(path, existing.intactBytes);
  const digests = new Set(
    existing.records.flatMap((record) => (record.kind === 'tokens' ? [record.tokensDigest] : [])),
  );
  const file = files.openAppend(path);
  return {
    before: existing.records,
    cutBytes: existing.tornBytes,
    append: (record) => {
      if (record.kind === 'tokens') {
        if (digests.has(record.tokensDigest)) return;
        digests.add(record.tokensDigest);
      }
      file.append(formatRecord(record));
    },
    sync: () => {
      file.sync();
    },
    close: () => {
      file.close();
      release();
    },
  };
}

/** The record's line, newline included. JSON text never contains a raw newline. */
export function formatRecord(record: JournalRecord): string {
  return `${JSON.stringify(record)}\n`;
}
