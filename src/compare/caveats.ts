/** What a reader must know before using a comparison. */
import { agreementIndex, isDifferent } from '../report/agreement.ts';
import { comparabilityCaveats } from '../report/comparability.ts';
import type { Caveat } from '../report/model.ts';
import { counted } from '../report/numbers.ts';
import type { MeasuredSide } from './measured.ts';
import type { ComparedPair, ComparisonReport } from './model.ts';
import type { CellPair } from './pairs.ts';

export interface ComparisonCaveatContext {
  readonly pairs: readonly CellPair[];
  readonly sides: { readonly a: MeasuredSide; readonly b: MeasuredSide };
  readonly sameRun: boolean;
  readonly differences: ComparisonReport['differences'];
  readonly rows: readonly ComparedPair[];
}

/** Those that invalidate first. */
export function comparisonCaveats(context: ComparisonCaveatContext): Caveat[] {
  return [
    ...differentOutputs(context),
    ...otherMachine(context),
    ...notPaired(context),
    ...withoutInterval(context),
    ...lossy(context),
    ...comparabilityCaveats(context.pairs.flatMap(({ a, b }) => [a.cell, b.cell])),
  ];
}

function differentOutputs({ pairs, sides }: ComparisonCaveatContext): Caveat[] {
  return (['a', 'b'] as const).flatMap((name) => {
    const { input, state } = sides[name];
    const agreements = agreementIndex(state, input.cells);
    const wrong = pairs
      .map((pair) => pair[name])
      .filter(({ cell, cellKey }) => isDifferent(agreements.of(cell, cellKey, false)));
    if (wrong.length === 0) return [];
    return [
      {
        id: 'outputs-differ',
        severity: 'invalid' as const,
        text: {
          en: `${counted(wrong.length, 'cell')} of ${name.toUpperCase()} ${wrong.length === 1 ? 'writes' : 'write'} other fp32 tokens than the reference: it is not the same computation that is compared.`,
          ja: `${name.toUpperCase()} の ${wrong.length} セルの fp32 トークンが参照と異なります: 同じ計算の比較ではありません。`,
        },
      },
    ];
  });
}

const MACHINE: ReadonlySet<string> = new Set(['CPU', 'instruction sets', 'memory']);

function otherMachine({ differences }: ComparisonCaveatContext): Caveat[] {
  const machine = differences.filter(({ name }) => MACHINE.has(name.en)).map(({ name }) => name);
  if (machine.length === 0) return [];
  return [
    {
      id: 'other-machine',
      severity: 'warning',
      text: {
        en: `The machines differ (${machine.map(({ en }) => en).join(', ')}): this compares them too, not the software alone.`,
        ja: `マシンが異なります（${machine.map(({ ja }) => ja).join('、')}）: ソフトウェアだけでなくマシンの違いも含む比較です。`,
      },
    },
  ];
}

function notPaired({ sameRun, rows }: ComparisonCaveatContext): Caveat[] {
  const unpaired = rows.filter(({ design }) => design.kind === 'unpaired');
  if (unpaired.length === 0) return [];
  const text = sameRun
    ? {
        en: `${counted(unpaired.length, 'comparison')} of cells that never ran in the same block: not paired, so a slow quarter of an hour of one side is not cancelled.`,
        ja: `${unpaired.length} 件の比較は、同じブロックで一度も動いていないセルどうしです: 対応がなく、一方だけが遅かった時間帯の影響は打ち消されません。`,
      }
    : {
        en: 'The two runs were made at different times and share no block: not paired. A machine that was slower in one of them cannot be told from software that is; hayasa ab STUDY measures both sides in turn.',
        ja: '二つの実行は別の時刻に行われ、共通のブロックがありません: 対応がなく、一方のときにマシンが遅かったのかソフトウェアが遅いのかを区別できません。hayasa ab STUDY なら両側を交互に測ります。',
      };
  return [{ id: 'not-paired', severity: 'warning', text }];
}

function withoutInterval({ rows }: ComparisonCaveatContext): Caveat[] {
  const bare = rows.filter(
    ({ ratio }) => ratio.kind === 'missing' || ratio.value.interval.kind === 'missing',
  );
  if (bare.length === 0) return [];
  return [
    {
      id: 'no-interval',
      severity: 'warning',
      text: {
        en: `${counted(bare.length, 'comparison')} without an interval (a single launch or block, or a side that was not measured): undecided.`,
        ja: `${bare.length} 件の比較には区間がありません（起動またはブロックが一つだけ、または測定されていない側がある）: 未決。`,
      },
    },
  ];
}

function lossy({ pairs }: ComparisonCaveatContext): Caveat[] {
  if (pairs.every(({ a, b }) => a.cell.precision === b.cell.precision)) return [];
  return [
    {
      id: 'precisions-differ',
      severity: 'note',
      text: {
        en: 'The two sides have different precisions: see the agreement with fp32 in the reports of the runs.',
        ja: '両側の精度が異なります: fp32 との一致を各実行のレポートで確かめてください。',
      },
    },
  ];
}
