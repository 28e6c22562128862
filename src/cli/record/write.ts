/** Writes a result of record, or compares one with what its journal gives. */
import { join, resolve } from 'node:path';
import type { Files, Host } from '../../host/host.ts';
import { type RunFolder, readRunInputs, runFolder } from '../../journal/run-folder.ts';
import { HayasaError } from '../../kernel/errors.ts';
import type { RunEnvironment } from '../../run/environment.ts';
import { type RecordFile, type ResultOfRecord, resultOfRecord } from './files.ts';

export interface WrittenRecord {
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/**
 * @param out folder to write to; by default `results/<year>-<processor>` in the current folder, and a result of record
 *   itself where `from` is one
 * @throws HayasaError `record/other-run` where another run is recorded there; `file/*` and what reading a run throws
 */
export async function writeRecord(
  host: Host,
  from: RunFolder,
  out: string | undefined,
): Promise<WrittenRecord> {
  const result = await resultOfRecord(host, from);
  const { currentFolder } = host.system;
  const isItself = host.files.kind(from.journal) === undefined;
  const folder =
    out === undefined && isItself
      ? from.folder
      : resolve(currentFolder, out ?? join('results', result.folderName));
  refuseOtherRun(host, result, folder);
  const all = [...result.sources, ...result.derived];
  removeOldFigures(host.files, folder, all);
  for (const { name, bytes } of all) {
    if (!isSame(host.files, join(folder, name), bytes)) writeBytes(host.files, join(folder, name), bytes);
  }
  return { folder, files: all.map(({ name, bytes }) => ({ name, bytes: bytes.byteLength })) };
}

/** Names of files that are missing, that differ from what the journal gives, or that are figures it does not give. */
export async function checkRecord(host: Host, folder: RunFolder): Promise<readonly string[]> {
  const { sources, derived } = await resultOfRecord(host, folder);
  const all = [...sources, ...derived];
  const different = all
    .filter(({ name, bytes }) => !isSame(host.files, join(folder.folder, name), bytes))
    .map(({ name }) => name);
  return [...different, ...oldFigures(host.files, folder.folder, all)];
}

function refuseOtherRun({ files }: Host, { runId }: ResultOfRecord, folder: string): void {
  const there = runFolder(folder);
  if (files.kind(there.environment) === undefined) return;
  const known = (readRunInputs(files, there).environment as RunEnvironment).runId;
  if (known === runId) return;
  throw new HayasaError({
    code: 'record/other-run',
    message: {
      en: `${folder} records the run ${known}, and this is ${runId}`,
      ja: `${folder} は実行 ${known} の記録ですが、これは ${runId} です`,
    },
    hint: {
      en: 'name another folder with --out, or remove that one',
      ja: '--out で別のフォルダーを指定するか、そのフォルダーを消してください',
    },
  });
}

function isSame(files: Files, path: string, bytes: Uint8Array): boolean {
  const size = files.kind(path) === 'file' ? files.size(path) : undefined;
  return size === bytes.byteLength && Buffer.compare(files.readRange(path, 0, size), bytes) === 0;
}

function oldFigures(files: Files, folder: string, all: readonly RecordFile[]): string[] {
  if (files.kind(folder) !== 'folder') return [];
  const names = new Set(all.map(({ name }) => name));
  return files.list(folder).filter((name) => name.endsWith('.svg') && !names.has(name));
}

function removeOldFigures(files: Files, folder: string, all: readonly RecordFile[]): void {
  for (const name of oldFigures(files, folder, all)) files.remove(join(folder, name));
}

function writeBytes(files: Files, path: string, bytes: Uint8Array): void {
  const file = files.createFile(path);
  file.write(bytes);
  file.commit();
}
