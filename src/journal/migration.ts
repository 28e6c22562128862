/**
 * The migration seam: a journal says its version in each `run-started` record, and records that follow it are of that
 * version. `STEPS[v]` turns one raw record of version v into one of version v + 1; records are never rewritten on disk.
 */
import { EXIT, HayasaError } from '../kernel/errors.ts';
import { JOURNAL_VERSION } from './records.ts';

export type RawRecord = Readonly<Record<string, unknown>>;
export type MigrationSteps = Readonly<Record<number, (record: RawRecord) => RawRecord>>;

/** One entry per superseded version. */
const STEPS: MigrationSteps = {
  // Version 2 adds the noise of each repeat, its marks and the quiet gate: all of it is absent in version 1.
  1: (record) => (record['kind'] === 'run-started' ? { ...record, journal: 2 } : record),
};

/**
 * The record in the current version.
 * @throws HayasaError `journal/newer-version` for a journal of a later Hayasa
 */
export function migrateRecord(
  record: RawRecord,
  version: number,
  steps: MigrationSteps = STEPS,
  current: number = JOURNAL_VERSION,
): RawRecord {
  if (version > current) {
    throw new HayasaError({
      code: 'journal/newer-version',
      message: {
        en: `the journal has version ${version}, this Hayasa reads up to ${current}`,
        ja: `ジャーナルはバージョン ${version} ですが、この Hayasa が読めるのは ${current} までです`,
      },
      hint: {
        en: 'read it with the Hayasa that wrote it, or a later one',
        ja: '書き込んだときの Hayasa か、それより新しいもので読んでください',
      },
      exitCode: EXIT.badInput,
    });
  }
  let migrated = record;
  for (let from = version; from < current; from += 1) {
    const step = steps[from];
    if (step === undefined) {
      throw new HayasaError({
        code: 'journal/unknown-version',
        message: {
          en: `the journal has version ${version}, which no Hayasa wrote`,
          ja: `ジャーナルのバージョン ${version} は、どの Hayasa も書いたことのないものです`,
        },
        exitCode: EXIT.badInput,
      });
    }
    migrated = step(migrated);
  }
  return migrated;
}
