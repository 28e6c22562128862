/** What a reader must know before using a number: each rule looks at the run and says one line, or nothing. */
import { isDifferent } from './agreement.ts';
import type { CaveatContext, CaveatRule } from './caveat-context.ts';
import { comparabilityCaveats } from './comparability.ts';
import { disturbedRepeats } from './disturbed-repeats.ts';
import { effectiveDifferences } from './effective.ts';
import { findingCaveats } from './findings.ts';
import type { Caveat } from './model.ts';
import { aboveRoof, disturbed, harnessLoad, unsteady } from './noise-caveats.ts';
import { counted, formatNumber } from './numbers.ts';
import { quietGate } from './quiet-gate.ts';
import { thirdPartyBuilds } from './third-party-builds.ts';

const RULES: readonly CaveatRule[] = [
  differentOutputs,
  syntheticWeights,
  unfinished,
  withoutReference,
  fewLaunches,
  stoppedEarly,
  disturbed,
  disturbedRepeats,
  quietGate,
  findingCaveats,
  unsteady,
  harnessLoad,
  aboveRoof,
  effectiveDifferences,
  ({ rows }) => comparabilityCaveats(rows.map(({ cell }) => cell)),
  thirdPartyBuilds,
];

/** Every caveat of the run, those that invalidate first. */
export function caveats(context: CaveatContext): Caveat[] {
  const order = { invalid: 0, warning: 1, note: 2 };
  return RULES.flatMap((rule) => rule(context)).sort((a, b) => order[a.severity] - order[b.severity]);
}

function differentOutputs({ rows }: CaveatContext): Caveat[] {
  const wrong = rows.filter((row) => isDifferent(row.agreement));
  if (wrong.length === 0) return [];
  const names = wrong.map((row) => `${row.label} at batch ${row.cell.batch}`).join('; ');
  const namesJa = wrong.map((row) => `${row.label}（バッチ ${row.cell.batch}）`).join('、');
  return [
    {
      id: 'outputs-differ',
      severity: 'invalid',
      text: {
        en: `fp32 outputs differ from the reference: ${names}. These rows are left out of the answer.`,
        ja: `fp32 の出力が参照と異なります: ${namesJa}。これらの行は答えから除いています。`,
      },
    },
  ];
}

function syntheticWeights({ input }: CaveatContext): Caveat[] {
  const synthetic = input.models.filter((model) => model.syntheticSeed !== undefined);
  if (synthetic.length === 0) return [];
  const names = synthetic.map((model) => `${model.name} (seed ${model.syntheticSeed ?? ''})`).join(', ');
  return [
    {
      id: 'synthetic-weights',
      severity: 'note',
      text: {
        en: `Synthetic weights of the exact shape: ${names}. Speed with forced length does not depend on the values; what the model writes does, so agreement of lossy precisions needs real weights.`,
        ja: `形が正確に等しい合成した重み: ${names}。長さを固定した速度は値によりませんが、生成する内容は値によるので、非可逆な精度の一致を調べるには本物の重みが必要です。`,
      },
    },
  ];
}

function unfinished({ state }: CaveatContext): Caveat[] {
  const { ended } = state;
  if (ended?.outcome === 'complete') return [];
  const why =
    ended === undefined
      ? { en: 'the run did not end by itself', ja: '実行は自然に終わっていません' }
      : ended.outcome === 'budget'
        ? { en: 'the budget was used up', ja: '予算を使い切りました' }
        : { en: 'the run was interrupted', ja: '実行が中断されました' };
  return [
    {
      id: 'unfinished',
      severity: 'note',
      text: {
        en: `Not finished: ${why.en}. Every value stands on the launches that were made; the same command goes on.`,
        ja: `未完了: ${why.ja}。どの値も、行われた起動だけに基づきます。同じコマンドで続きから再開します。`,
      },
    },
  ];
}

function withoutReference({ state }: CaveatContext): Caveat[] {
  return state.referencesLeftOut.map(({ model, reason }) => ({
    id: 'reference-left-out',
    severity: 'note',
    text: {
      en: `Outputs of ${model} were not all compared with a reference: ${reason.en}.`,
      ja: `${model} の出力には参照と比べていないものがあります: ${reason.ja}。`,
    },
  }));
}

const SETTLED = {
  narrow: { en: 'known narrowly enough', ja: '区間が十分に狭い' },
  slower: { en: 'slower than a rival', ja: '競合より遅い' },
  equivalent: { en: 'equal to a rival to within the margin', ja: 'マージンの範囲で競合と同等' },
  'rivals-decided': { en: 'with nothing left to decide', ja: '決めることが残っていない' },
} as const;

function stoppedEarly({ input, state }: CaveatContext): Caveat[] {
  const { looks } = input.study;
  if (looks === undefined) return [];
  const counts = Object.entries(SETTLED).flatMap(([why, text]) => {
    const count = state.settled.filter((one) => one.why === why).length;
    return count === 0
      ? []
      : [{ en: `${formatNumber(count, 0)} ${text.en}`, ja: `${text.ja} ${formatNumber(count, 0)}` }];
  });
  const asWhole = state.invocations.some((invocation) => invocation.looks !== undefined);
  const stopped = asWhole
    ? {
        en: 'The run ends at the look that decides its comparisons',
        ja: '比較が決まった時点の確認で実行は終わります',
      }
    : counts.length === 0
      ? {
          en: 'No cell had enough before the last look',
          ja: '最後の確認より前に打ち切ったセルはありません',
        }
      : {
          en: `${counted(state.settled.length, 'cell')} had enough before the last look (${counts.map(({ en }) => en).join(', ')})`,
          ja: `${formatNumber(state.settled.length, 0)} セルは最後の確認より前に打ち切りました（${counts.map(({ ja }) => ja).join('、')}）`,
        };
  return [
    {
      id: 'stopped-early',
      severity: 'note',
      text: {
        en: `Cells were looked at after each of ${looks.first} to ${looks.maximum} launches. ${stopped.en}. Intervals are at the level of their look, so that they hold whenever ${asWhole ? 'it' : 'a cell'} stops.`,
        ja: `セルは ${looks.first} 回目から ${looks.maximum} 回目まで、起動のたびに途中の結果を確認しました。${stopped.ja}。区間はその確認での水準なので、${asWhole ? '実行' : 'セル'}がいつ止まっても成り立ちます。`,
      },
    },
  ];
}

function fewLaunches({ input, rows }: CaveatContext): Caveat[] {
  const { minimumRounds } = input.study;
  const few = rows.filter((row) => row.launches > 0 && row.launches < minimumRounds);
  const none = rows.filter((row) => row.launches === 0).length;
  return [
    ...(few.length === 0
      ? []
      : [
          {
            id: 'few-launches',
            severity: 'warning' as const,
            text: {
              en: `${formatNumber(few.length, 0)} of ${counted(rows.length, 'cell')} ${few.length === 1 ? 'has' : 'have'} fewer than the ${minimumRounds} launches that the study asks for.`,
              ja: `${formatNumber(rows.length, 0)} セル中 ${formatNumber(few.length, 0)} セルの起動が、スタディの求める ${minimumRounds} 回に足りません。`,
            },
          },
        ]),
    ...(none === 0
      ? []
      : [
          {
            id: 'not-measured',
            severity: 'warning' as const,
            text: {
              en: `${counted(none, 'planned cell')} ${none === 1 ? 'has' : 'have'} no measurement.`,
              ja: `計画した ${formatNumber(none, 0)} セルに測定がありません。`,
            },
          },
        ]),
  ];
}
