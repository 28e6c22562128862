/**
 * What stands in `runs/<id>/`: the study as written, the study as resolved, the environment, and the journal. Reports
 * are written beside them and can be deleted.
 */

import { join } from 'node:path';
import type { Files } from '../host/host.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import { EXIT, HayasaError, messageOf } from '../kernel/errors.ts';
import { same } from '../kernel/language.ts';

export interface RunFolder {
  readonly folder: string;
  /** The study's text, as the user wrote it. */
  readonly study: string;
  /** The study with presets, defaults and ranges resolved, as canonical JSON. */
  readonly resolvedStudy: string;
  /** Machine, versions and locks: the conditions of every number. */
  readonly environment: string;
  readonly journal: string;
  /** The journal of a result of record; a run itself never writes it. */
  readonly compressedJournal: string;
  /** Where report formats are written: `<folder>/report.<extension>`. */
  readonly report: (extension: string) => string;
}

/** The paths of one run's folder. */
export function runFolder(folder: string): RunFolder {
  return {
    folder,
    study: join(folder, 'study.yaml'),
    resolvedStudy: join(folder, 'study.json'),
    environment: join(folder, 'environment.json'),
    journal: join(folder, 'journal.ndjson'),
    compressedJournal: join(folder, 'journal.ndjson.gz'),
    report: (extension) => join(folder, `report.${extension}`),
  };
}

export interface RunInputs {
  readonly studyText: string;
  /** Plain data. */
  readonly resolvedStudy: unknown;
  readonly environment: unknown;
}

/** Writes the inputs of a run; the same inputs give the same bytes. @throws HayasaError `file/disk-full`, `file/no-permission` */
export function writeRunInputs(files: Files, paths: RunFolder, inputs: RunInputs): void {
  files.writeText(paths.study, inputs.studyText);
  files.writeText(paths.resolvedStudy, `${canonicalJson(inputs.resolvedStudy)}\n`);
  files.writeText(paths.environment, `${canonicalJson(inputs.environment)}\n`);
}

/** The inputs of an earlier run, unvalidated. @throws HayasaError `file/missing`, `run/damaged` */
export function readRunInputs(files: Files, paths: RunFolder): RunInputs {
  return {
    studyText: files.readText(paths.study),
    resolvedStudy: parseJson(files, paths.resolvedStudy),
    environment: parseJson(files, paths.environment),
  };
}

function parseJson(files: Files, path: string): unknown {
  try {
    return JSON.parse(files.readText(path)) as unknown;
  } catch (error) {
    if (error instanceof HayasaError) throw error;
    throw new HayasaError({
      code: 'run/damaged',
      message: same(`${path}: ${messageOf(error)}`),
      hint: {
        en: 'the folder is not a run of Hayasa, or was changed',
        ja: 'Hayasa の実行フォルダーではないか、書き換えられています',
      },
      exitCode: EXIT.badInput,
    });
  }
}
