/** The documented exit codes, in the words of the help and the docs. */

import { EXIT, type ExitCode } from '../kernel/errors.ts';
import { same, type Words } from '../kernel/language.ts';

export const EXIT_CODES: readonly { readonly code: ExitCode; readonly meaning: Words }[] = [
  { code: EXIT.ok, meaning: same('ok') },
  {
    code: EXIT.internal,
    meaning: { en: 'internal error (a defect of Hayasa)', ja: '内部エラー（Hayasa の欠陥）' },
  },
  {
    code: EXIT.badInput,
    meaning: {
      en: 'bad input: options, study or checkpoint',
      ja: '入力の誤り: オプション、スタディ、チェックポイント',
    },
  },
  {
    code: EXIT.refusedByPlan,
    meaning: {
      en: 'refused by the plan: memory, disk, nothing to measure',
      ja: 'プランによる拒否: メモリ、ディスク、測るものがない',
    },
  },
  {
    code: EXIT.finishedWithFailures,
    meaning: {
      en: 'finished, and some cells failed (see the report)',
      ja: '終了したが、失敗したセルがある（レポート参照）',
    },
  },
  { code: EXIT.regression, meaning: { en: 'slower than the baseline', ja: '基準より遅い' } },
  {
    code: EXIT.undecided,
    meaning: { en: 'undecided: the intervals are too wide', ja: '未決: 区間が広すぎる' },
  },
  { code: EXIT.invalidMeasurement, meaning: { en: 'invalid measurement', ja: '無効な測定' } },
  {
    code: EXIT.interrupted,
    meaning: { en: 'interrupted; what was measured is kept', ja: '中断。測ったものは残る' },
  },
];
