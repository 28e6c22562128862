/**
 * Opens a run: study, models, conditions, plan, folder and journal. Nothing is measured and no checkpoint is written; a
 * run of the same study on the same machine with the same versions goes on where it stopped.
 */

import { join, resolve } from 'node:path';
import { absentReasons, withAbsentEngines } from '../engines/absent.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Host } from '../host/host.ts';
import { type Journal, openJournal } from '../journal/append.ts';
import { isRecord } from '../journal/compressed.ts';
import type { Source } from '../journal/record-parts.ts';
import { type RunFolder, readRunInputs, runFolder, writeRunInputs } from '../journal/run-folder.ts';
import { type JournalState, journalState } from '../journal/state.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import { EXIT, HayasaError } from '../kernel/errors.ts';
import { listedOnce, type Words } from '../kernel/language.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { parseStudyOrThrow } from '../study/parse.ts';
import type { Study } from '../study/study.ts';
import { declarationsOf, type RunEnvironment, readEnvironment, unavailableReasons } from './environment.ts';
import { findModels, localModelCheck, type RunModel } from './models.ts';
import { type QualityTexts, qualityTexts } from './quality-texts.ts';
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
  const limit = earlier?.planMachine.cacheLimitBytes;
  if (earlier !== undefined && input.cacheLimitBytes !== undefined && input.cacheLimitBytes !== limit) {
    throw new HayasaError({
      code: 'run/cache-limit',
      message: {
        en: `the run began ${limit === undefined ? 'without a limit of converted copies' : `with ${limit} bytes for converted copies`}, and its plan hangs on it`,
        ja: `この実行は変換した写しの上限${limit === undefined ? 'なしで' : ` ${limit} バイトで`}始まり、計画はそれによっています`,
      },
      hint: {
        en: 'leave --cache-limit out to go on, or name another folder with --out',
        ja: '続けるには --cache-limit を外し、さもなければ --out で別のフォルダーを指定してください',
      },
    });
  }
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

/** A result of record is kept as it is. @throws HayasaError `run/record` */
function refuseRecord({ files }: Host, folder: RunFolder): void {
  if (!isRecord(files, folder)) return;
  throw new HayasaError({
    code: 'run/record',
    message: {
      en: `${folder.folder} is a result of record: its journal is compressed and is not gone on with`,
      ja: `${folder.folder} は記録のフォルダーです。ジャーナルは圧縮されていて、続きは測れません`,
    },
    hint: {
      en: 'hayasa record DIR --unpack OTHER writes it as the folder of a run that --out goes on with; or name another folder',
      ja: 'hayasa record DIR --unpack 別のフォルダー で実行フォルダーに戻せば --out で続けられます。または別のフォルダーを指定してください',
    },
  });
}

/** What differs between a run and the conditions here: nothing is measured into a folder of other conditions. */
const OTHER_STUDY: Words = {
  en: 'the study, its models or its prompts are others',
  ja: 'スタディ、モデル、またはプロンプトが違います',
};

function otherRun(folder: RunFolder, earlier: RunEnvironment, here: RunEnvironment): HayasaError {
  const { engines: before, unavailable: missingBefore } = earlier;
  const { engines, unavailable } = here;
  const versions = [...new Set([...Object.keys(before), ...Object.keys(engines)])]
    .filter((name) => canonicalJson(before[name]) !== canonicalJson(engines[name]))
    .map((name) => {
      const gone = unavailable[name] !== undefined && missingBefore[name] === undefined;
      const come = missingBefore[name] !== undefined && unavailable[name] === undefined;
      return {
        en: `${name} ${gone ? 'is not ready any more' : come ? 'was not ready then' : 'has other versions'}`,
        ja: `${name} は${gone ? '今は使えません' : come ? '当時は使えませんでした' : 'バージョンが違います'}`,
      };
    });
  const found: readonly Words[] = [
    ...(earlier.fingerprint === here.fingerprint
      ? []
      : [
          {
            en: `it was measured on another machine (fingerprint ${earlier.fingerprint}, here ${here.fingerprint})`,
            ja: `別のマシンで測られました（フィンガープリント ${earlier.fingerprint}、ここでは ${here.fingerprint}）`,
          },
        ]),
    ...(earlier.hayasa === here.hayasa
      ? []
      : [
          {
            en: `by Hayasa ${earlier.hayasa}, not ${here.hayasa}`,
            ja: `Hayasa ${here.hayasa} ではなく ${earlier.hayasa} で測られました`,
          },
        ]),
    ...versions,
  ];
  const differences = found.length === 0 ? [OTHER_STUDY] : found;
  return new HayasaError({
    code: 'run/other-run',
    message: {
      en: `${folder.folder} holds the run ${earlier.runId}, and this study, machine and versions make ${here.runId}: ${differences.map(({ en }) => en).join('; ')}`,
      ja: `${folder.folder} には実行 ${earlier.runId} がありますが、このスタディ、マシン、バージョンの組は ${here.runId} です: ${differences.map(({ ja }) => ja).join('; ')}`,
    },
    hint: {
      en: 'name another folder with --out, or leave --out out; hayasa report takes several folders of several machines',
      ja: '--out で別のフォルダーを指定するか、--out を省いてください。hayasa report は複数のマシンのフォルダーをまとめて受け取れます',
    },
  });
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

/** A folder given with --out may hold anything but what a run writes. What a run that was killed early left is the same. */
function refuseOthersFiles({ files }: Host, folder: RunFolder, studyText: string): void {
  const study = files.kind(folder.study) === undefined ? studyText : files.tryReadText(folder.study);
  const taken =
    study !== studyText
      ? folder.study
      : files.kind(folder.journal) === undefined
        ? undefined
        : folder.journal;
  if (taken === undefined) return;
  throw new HayasaError({
    code: 'run/other-files',
    message: {
      en: `${taken} stands there already, and ${folder.folder} is not a run`,
      ja: `${taken} がすでにあり、${folder.folder} は実行フォルダーではありません`,
    },
    hint: {
      en: 'name another folder with --out, or move the file away',
      ja: '--out で別のフォルダーを指定するか、そのファイルを移動してください',
    },
  });
}

function refuseHopeless(plan: Plan): void {
  if (plan.cells.length === 0) {
    const reasons = listedOnce(plan.skipped.map(({ reason }) => reason));
    throw new HayasaError({
      code: 'plan/nothing-runs',
      message: {
        en: `no cell of the study can run here: ${reasons?.en ?? 'the study has no cells'}`,
        ja: `ここで実行できるセルがスタディにありません: ${reasons?.ja ?? 'スタディにセルがありません'}`,
      },
      hint: {
        en: 'hayasa plan STUDY lists every cell with its reason; hayasa engines says what can be installed',
        ja: 'hayasa plan STUDY が全セルとその理由を、hayasa engines がインストールできるものを示します',
      },
      exitCode: EXIT.refusedByPlan,
    });
  }
  const { checkpointBytes, cacheBytes, freeBytes } = plan.disk;
  const toWrite = checkpointBytes + cacheBytes;
  // Copies that an earlier run cached are counted again here, so only a need beyond the whole disk is refused.
  if (toWrite > freeBytes) {
    throw new HayasaError({
      code: 'plan/disk',
      message: {
        en: `the study writes about ${Math.ceil(toWrite / 1e6)} MB to the cache, and ${Math.floor(freeBytes / 1e6)} MB are free`,
        ja: `このスタディはキャッシュに約 ${Math.ceil(toWrite / 1e6)} MB 書き込みますが、空きは ${Math.floor(freeBytes / 1e6)} MB です`,
      },
      hint: {
        en: 'free space, set HAYASA_CACHE to a folder on a larger disk, or leave models out',
        ja: '空き容量を増やすか、HAYASA_CACHE に容量の大きいディスクのフォルダーを設定するか、モデルを減らしてください',
      },
      exitCode: EXIT.refusedByPlan,
    });
  }
}
