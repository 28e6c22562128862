/** From a run's folder to its reports: reads what `run` left, makes the plan again, and writes every format. */

import { join } from 'node:path';
import type { Dialect } from '../dialects/dialect.ts';
import { absentReasons, withAbsentEngines } from '../engines/absent.ts';
import { precisionSupport } from '../engines/declaration.ts';
import { ENGINE_DECLARATIONS, engineDeclaration } from '../engines/declarations.ts';
import type { Host } from '../host/host.ts';
import { isRecord, readRunJournal } from '../journal/compressed.ts';
import type { ReadRecord } from '../journal/packed-repeats.ts';
import { type RunFolder, type RunInputs, readRunInputs } from '../journal/run-folder.ts';
import { type Language, same, type Words } from '../kernel/language.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { precisionKind } from '../models/precision.ts';
import type { ModelShape } from '../models/shape.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { PlannedCell } from '../plan/plan.ts';
import { buildReport } from '../report/build.ts';
import { FILE_FORMATS, FORMATS } from '../report/formats/registry.ts';
import type { ImportedInput } from '../report/imported.ts';
import type { ReportCell, ReportInput } from '../report/input.ts';
import {
  declarationsOf,
  type EnvironmentModel,
  planModelOf,
  type RunEnvironment,
  unavailableReasons,
} from '../run/environment.ts';
import type { PlannedStudy } from '../run/open-run.ts';
import { studyVocabulary } from '../run/vocabulary.ts';
import { sequentialDesign } from '../stats/sequential.ts';
import { parseStudyOrThrow } from '../study/parse.ts';
import type { Prices } from '../study/price.ts';
import type { Study } from '../study/study.ts';
import { reportEnvironment } from './report-environment.ts';
import { inputOnTwoThreads } from './two-threads/input.ts';
import type { Terminal } from './ui/terminal.ts';

/** From here on a second thread saves more time than it takes to start. */
const LARGE_JOURNAL_BYTES = 64 * 2 ** 20;

/**
 * Writes the reports of `folder` beside its journal and prints the one for the screen (or the JSON one).
 * @returns the number of failures that the report names
 * @throws HayasaError `file/missing`, `run/damaged`, `journal/damaged`
 */
export async function writeReports(
  host: Host,
  terminal: Terminal,
  folder: RunFolder,
  options: {
    readonly json: boolean;
    readonly dialect?: Dialect | undefined;
    readonly imported?: ImportedInput | undefined;
    /** Of the labels in figures. */
    readonly language?: Language | undefined;
    /** In the place of the study's. */
    readonly prices?: Prices | undefined;
  },
): Promise<number> {
  const { dialect, imported, language, prices } = options;
  const inputOf = (records: readonly ReadRecord[]): ReportInput => ({
    ...withPrices(reportInput(host, folder, records), prices),
    ...(dialect === undefined ? {} : { dialect }),
    ...(imported === undefined ? {} : { imported }),
    ...(language === undefined ? {} : { language }),
  });
  const isLarge = (host.files.size(folder.journal) ?? 0) > LARGE_JOURNAL_BYTES;
  const report = buildReport(
    isLarge
      ? await inputOnTwoThreads(host.files, folder.journal, inputOf)
      : inputOf(readRunJournal(host.files, folder)),
  );
  for (const format of FILE_FORMATS) {
    for (const file of await format.render(report, terminal.say)) {
      host.files.writeText(join(folder.folder, file.name), file.text);
      if (options.json && format.id === 'json') terminal.write(file.text);
    }
  }
  if (!options.json) {
    const screen = { colour: terminal.colors.isColorSupported, width: terminal.columns };
    for (const format of FORMATS)
      if (format.kind === 'screen') terminal.write(format.render(report, screen, terminal.say));
  }
  return report.failures.length;
}

/** The same with other prices; unchanged without any. */
export const withPrices = (input: ReportInput, pricePerHour: Prices | undefined): ReportInput =>
  pricePerHour === undefined ? input : { ...input, study: { ...input.study, pricePerHour } };

/** Everything that a report is made from. That of a result of record names no path, so that its bytes are the same anywhere. */
export function reportInput(
  host: Host,
  folder: RunFolder,
  records: readonly ReadRecord[] = readRunJournal(host.files, folder),
): ReportInput {
  const input = inputOf(readRunInputs(host.files, folder), records, folder.study);
  if (isRecord(host.files, folder)) return recordInput(input);
  return {
    ...input,
    command: `hayasa run ${join(folder.folder, 'study.yaml')} --out ${folder.folder}`,
    paths: [
      { name: JOURNAL, value: same(folder.journal) },
      { name: REPORTS, value: same(folder.report('{md,json,csv}')) },
    ],
  };
}

const JOURNAL: Words = { en: 'journal', ja: 'ジャーナル' };
const REPORTS: Words = { en: 'reports', ja: 'レポート' };

/** As it stands in a result of record: places relative to its folder. */
export const recordInput = (input: ReportInput): ReportInput => ({
  ...input,
  command: 'hayasa run study.yaml',
  paths: [
    { name: JOURNAL, value: same('journal.ndjson.gz') },
    { name: REPORTS, value: same('report.{md,json,csv}') },
    { name: { en: 'reading', ja: '読み方' }, value: same('reading.md') },
  ],
});

/** Inputs and records of a run, without paths and command. @throws ProblemsError for a study that is not one any more */
export function inputOf(inputs: RunInputs, records: readonly ReadRecord[], studyName: string): ReportInput {
  const environment = inputs.environment as RunEnvironment;
  const study = parseStudyOrThrow(inputs.studyText, studyVocabulary(ENGINE_DECLARATIONS), studyName);
  const plan = makePlan({
    study,
    models: environment.models.map(planModelOf),
    declarations: withAbsentEngines(declarationsOf(environment, ENGINE_DECLARATIONS)),
    unavailable: { ...absentReasons(ENGINE_DECLARATIONS), ...unavailableReasons(environment) },
    machine: environment.planMachine,
  });
  return plannedInput({ study, environment, plan }, records);
}

/** The same for a plan that may not have run yet: without paths and command. */
export function plannedInput(
  { study, environment, plan }: Pick<PlannedStudy, 'study' | 'environment' | 'plan'>,
  records: readonly ReadRecord[],
): ReportInput {
  const shapes = new Map(environment.models.map((model) => [model.name, shapeOf(model)]));
  return {
    runId: environment.runId,
    study: {
      name: study.name,
      minimumRounds: study.rounds.minimum,
      confirms: study.rounds.confirm > 0,
      ...looksOf(study, records),
      experiments: study.experiments,
      claims: study.claims,
      logicalCpus: environment.planMachine.logicalCpus,
      pricePerHour: study.pricePerHour,
    },
    models: environment.models.map(({ name, origin }) => ({
      name,
      syntheticSeed: origin.kind === 'synthetic' ? origin.seed : undefined,
    })),
    cells: [...plan.cells]
      .sort((a, b) => a.rank - b.rank)
      .flatMap((planned) => {
        const shape = shapes.get(planned.cell.model);
        return shape === undefined ? [] : [reportCell(planned, shape)];
      }),
    skipped: plan.skipped.map(({ label, ...skip }) => ({ ...skip, engineLabel: label })),
    records,
    environment: reportEnvironment(environment),
    command: '',
    paths: [],
  };
}

/** Where the run could stop for what it saw: cell by cell (`rounds.until`), or as a whole (`hayasa ab`). */
function looksOf({ rounds }: Study, records: readonly ReadRecord[]): Pick<ReportInput['study'], 'looks'> {
  const looked = records.some((record) => record.kind === 'run-started' && record.looks !== undefined);
  if (rounds.until === undefined && !looked) return {};
  return { looks: sequentialDesign(rounds.minimum, rounds.maximum) };
}

/** The shape that counts are made from; a model file may be of an architecture that Hayasa does not describe. */
function shapeOf(model: EnvironmentModel): Maybe<ModelShape> {
  if (model.kind !== 'file') return present(model.shape);
  const { architecture, shape } = model.file;
  return shape === undefined
    ? missing({
        en: `Hayasa has no description of the architecture ${architecture}: bytes and FLOPs are not counted`,
        ja: `Hayasa にアーキテクチャ ${architecture} の記述がありません: バイト数と FLOP 数は数えません`,
      })
    : present(shape);
}

function reportCell(
  { cell, cellKey, label, experiments }: PlannedCell,
  shape: ReportCell['shape'],
): ReportCell {
  const declaration = engineDeclaration(cell.engine);
  const support = declaration === undefined ? undefined : precisionSupport(declaration, cell.precision);
  return {
    cell,
    cellKey,
    experiments,
    engineLabel: label,
    shape,
    precision: support?.effective ?? precisionKind(cell.precision).precision,
    precisionOwnName: support?.ownName ?? cell.precision,
    precisionNote: support?.note ?? same(''),
  };
}
