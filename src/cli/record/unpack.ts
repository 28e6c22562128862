/** A result of record as the folder of a run again, so that `hayasa run` goes on with it. */
import { resolve } from 'node:path';
import type { Host } from '../../host/host.ts';
import { isRecord, uncompressedJournal } from '../../journal/compressed.ts';
import { type RunFolder, readRunInputs, runFolder, writeRunInputs } from '../../journal/run-folder.ts';
import { HayasaError } from '../../kernel/errors.ts';

/**
 * Writes study, conditions and journal of the result of record `from` into `out`, a folder of its own.
 * @returns the folder written
 * @throws HayasaError `record/no-record` where `from` is none, `record/other-files` where `out` holds a run already,
 *   `journal/damaged`, `run/damaged`, `file/*`
 */
export function unpackRecord({ files, system }: Host, from: RunFolder, out: string): string {
  if (!isRecord(files, from)) {
    throw new HayasaError({
      code: 'record/no-record',
      message: {
        en: `${from.folder} is not a result of record`,
        ja: `${from.folder} は記録のフォルダーではありません`,
      },
      hint: {
        en: 'a run itself is gone on with as it is: hayasa run STUDY --out DIR',
        ja: '実行フォルダーならそのまま続けられます: hayasa run STUDY --out DIR',
      },
    });
  }
  const to = runFolder(resolve(system.currentFolder, out));
  const taken = [to.environment, to.journal, to.compressedJournal, to.study].find(
    (path) => files.kind(path) !== undefined,
  );
  if (taken !== undefined) {
    throw new HayasaError({
      code: 'record/other-files',
      message: { en: `${taken} stands there already`, ja: `${taken} がすでにあります` },
      hint: { en: 'name another folder with --unpack', ja: '--unpack で別のフォルダーを指定してください' },
    });
  }
  const inputs = readRunInputs(files, from);
  const journal = files.createFile(to.journal);
  journal.write(uncompressedJournal(files, from));
  journal.commit();
  // The conditions come last: without them the folder is not taken for a run.
  writeRunInputs(files, to, inputs);
  return to.folder;
}
