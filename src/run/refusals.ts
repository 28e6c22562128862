/** Why a run is not begun, or not gone on with: each is an error with its way out. */
import type { Host } from '../host/host.ts';
import { isRecord } from '../journal/compressed.ts';
import type { RunFolder } from '../journal/run-folder.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import { EXIT, HayasaError } from '../kernel/errors.ts';
import { listedOnce, type Words } from '../kernel/language.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunEnvironment } from './environment.ts';

/** A result of record is kept as it is. @throws HayasaError `run/record` */
export function refuseRecord({ files }: Host, folder: RunFolder): void {
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

/** What copies may take is part of the plan. @throws HayasaError `run/cache-limit` */
export function refuseOtherLimit(earlier: RunEnvironment | undefined, limitBytes: number | undefined): void {
  const limit = earlier?.planMachine.cacheLimitBytes;
  if (earlier === undefined || limitBytes === undefined || limitBytes === limit) return;
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

const OTHER_STUDY: Words = {
  en: 'the study, its models or its prompts are others',
  ja: 'スタディ、モデル、またはプロンプトが違います',
};

/** What differs between a run and the conditions here: nothing is measured into a folder of other conditions. */
export function otherRun(folder: RunFolder, earlier: RunEnvironment, here: RunEnvironment): HayasaError {
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

/** A folder given with --out may hold anything but what a run writes. What a run that was killed early left is the same. @throws HayasaError `run/other-files` */
export function refuseOthersFiles({ files }: Host, folder: RunFolder, studyText: string): void {
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

/** @throws HayasaError `plan/nothing-runs`, `plan/disk` */
export function refuseHopeless(plan: Plan): void {
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
