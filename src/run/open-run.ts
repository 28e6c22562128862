/**
 * Opens a run: study, models, conditions, plan, folder and journal. Nothing is measured and no checkpoint is written; a
 * run of the same study on the same machine with the same versions goes on where it stopped.
 */

import { join, resolve } from 'node:path';
import { absentReasons, withAbsentEngines } from '../engines/absent.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Host } from '../host/host.ts';
import { type Journal, openJournal } from '../journal/append.ts';
import type { Source } from '../journal/record-parts.ts';
import { type RunFolder, readRunInputs, runFolder, writeRunInputs } from '../journal/run-folder.ts';
import { type JournalState, journalState } from '../journal/state.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { parseStudyOrThrow } from '../study/parse.ts';
import type { Study } from '../study/study.ts';
import { declarationsOf, type RunEnvironment, readEnvironment, unavailableReasons } from './environment.ts';
import { findModels, localModelCheck, type RunModel } from './models.ts';
import { type QualityTexts, qualityTexts } from './quality-texts.ts';
import { otherRun, refuseHopeless, refuseOtherLimit, refuseOthersFiles, refuseRecord } from './refusals.ts';
import { checkPrompts, type ModelTexts, modelTexts } from './texts.ts';
import { studyVocabulary } from './vocabulary.ts';

export interface StudyInput {
  readonly studyText: string;
  /** The study file's name, for messages. */
  readonly studyName: string;
  readonly declarations: readonly EngineDeclaration[];
  readonly hayasaVersion: string;
  /** Recorded with each invocation; undefined where unknown. */
  readonly source?: Source;
  /** What converted copies may take of the disk at a time; a run keeps what it began with. */
  readonly cacheLimitBytes?: number | undefined;
}

export interface PlannedStudy {
  readonly study: Study;
  readonly models: readonly RunModel[];
  readonly texts: ModelTexts;
  /** The windows of each model's quality, or why it has none; undefined where the study does not ask. */
  readonly quality: QualityTexts | undefined;
  readonly environment: RunEnvironment;
  readonly plan: Plan;
}

export interface OpenRun extends PlannedStudy {
  readonly folder: RunFolder;
  readonly journal: Journal;
  readonly before: JournalState;
}

/** Study text -> plan for this machine. @throws ProblemsError, HayasaError for anything wrong with study or models */
export async function planStudy(host: Host, input: StudyInput): Promise<PlannedStudy> {
  const study = parseStudyOrThrow(
    input.studyText,
    studyVocabulary(input.declarations),
    input.studyName,
    localModelCheck(host),
  );
  const models = findModels(host, study.models, input.studyName);
  const texts = modelTexts(host, study, models);
  const quality = qualityTexts(host, study, models, texts);
  const environment = await readEnvironment({ host, study, models, texts, ...input });
  const plan = planFor(study, models, environment, input.declarations);
  checkPrompts(texts, plan, study.seed);
  return { study, models, texts, quality, environment, plan };
}

/**
 * Opens the run's folder, a new one or the one that an earlier invocation left.
 * @param out folder; by default `runs/<study>-<run id>` in the current folder
 * @throws HayasaError `plan/nothing-runs`, `plan/disk` (exit code 3), `run/other-run`, `run/other-files`, `run/busy`,
 *   `run/record`, `run/cache-limit`, `file/*`, `journal/damaged`
 */
export async function openRun(host: Host, input: StudyInput, out: string | undefined): Promise<OpenRun> {
  const fresh = await planStudy(host, input);
  const { runId } = fresh.environment;
  const name = `${fresh.study.name}-${runId.slice(0, 8)}`;
  const folder = runFolder(resolve(host.system.currentFolder, out ?? join('runs', name)));
  refuseRecord(host, folder);
  const earlier = host.files.kind(folder.environment) === undefined ? undefined : readEarlier(host, folder);
  if (earlier !== undefined && earlier.runId !== runId) throw otherRun(folder, earlier, fresh.environment);
  refuseOtherLimit(earlier, input.cacheLimitBytes);
  const environment = earlier ?? fresh.environment;
  const plan =
    earlier === undefined ? fresh.plan : planFor(fresh.study, fresh.models, environment, input.declarations);
  refuseHopeless(plan);
  if (earlier === undefined) {
    refuseOthersFiles(host, folder, input.studyText);
    writeRunInputs(host.files, folder, {
      studyText: input.studyText,
      resolvedStudy: fresh.study,
      environment,
    });
  }
  const journal = openJournal(host.files, folder.journal);
  return { ...fresh, environment, plan, folder, journal, before: journalState(journal.before) };
}

/** The plan follows from study and conditions, so an earlier run's plan is made again rather than stored. */
export function planFor(
  study: Study,
  models: readonly RunModel[],
  environment: RunEnvironment,
  declarations: readonly EngineDeclaration[],
): Plan {
  return makePlan({
    study,
    models,
    declarations: withAbsentEngines(declarationsOf(environment, declarations)),
    unavailable: { ...absentReasons(declarations), ...unavailableReasons(environment) },
    machine: environment.planMachine,
  });
}

/** Our own file of an earlier invocation. */
function readEarlier(host: Host, folder: RunFolder): RunEnvironment {
  return readRunInputs(host.files, folder).environment as RunEnvironment;
}
