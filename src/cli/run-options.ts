/** Options of the commands that measure: how long, on how quiet a machine, and where to. */
import { offlineOption } from './models/offline-option.ts';
import { bytes, duration, text, withBare } from './options.ts';

/** Of the commands that plan or run a study. */
export const cacheLimit = bytes('SIZE', {
  en: 'most that converted copies of models may take of the disk: models that do not fit together are measured one after another, and their copies removed',
  ja: '変換したモデルの写しがディスクに占める上限。一緒に収まらないモデルは順に測り、その写しは消す',
});

export const runOptions = {
  budget: duration('TIME', {
    en: "time for this invocation, over the study's own",
    ja: 'この実行に使う時間。スタディのものに優先する',
  }),
  quietGate: withBare(
    duration('TIME', {
      en: 'wait at most this long before each launch until other programs are quiet',
      ja: '各起動の前に、他のプログラムが静かになるまで最長この時間待つ',
    }),
    '30s',
  ),
  offline: offlineOption,
  out: text('DIR', {
    en: 'folder of the run; by default runs/<study>-<run id>',
    ja: '実行のフォルダー。既定は runs/<study>-<run id>',
  }),
};
