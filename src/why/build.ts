/** Puts together why cell B of a run is faster or slower than cell A: pure, from the journal and two profiles. */
import { buildComparison } from '../compare/build.ts';
import type { ComparedPair } from '../compare/model.ts';
import { journalState } from '../journal/state.ts';
import type { Maybe } from '../kernel/maybe.ts';
import { throughput } from '../metrics/throughput.ts';
import type { Profile } from '../protocol/sample.ts';
import type { ReportCell, ReportInput } from '../report/input.ts';
import { labelling } from '../report/labels.ts';
import type { Caveat } from '../report/model.ts';
import { formatNumber } from '../report/numbers.ts';
import { EXPLANATION_VERSION, type Explanation, type PhaseExplanation } from './model.ts';
import { idleShare, operatorDifferences } from './operators.ts';
import { explainPhase, type PhaseName } from './phases.ts';

export interface WhyInput {
  readonly input: ReportInput;
  readonly a: ReportCell;
  readonly b: ReportCell;
  readonly profileA: Maybe<Profile>;
  readonly profileB: Maybe<Profile>;
  readonly margin: number;
}

/** The explanation. @throws RangeError where `a` and `b` are the same cell */
export function explainDifference({ input, a, b, profileA, profileB, margin }: WhyInput): Explanation {
  const state = journalState(input.records);
  const only = (cell: ReportCell) => ({
    input,
    run: input.runId,
    selection: { text: cell.cellKey, wanted: new Map([['cell', [cell.cellKey]]]) },
  });
  const compared = buildComparison({ a: only(a), b: only(b), metric: throughput, margin });
  const [comparison] = compared.rows;
  if (comparison === undefined) throw new RangeError('a cell is not compared with itself');
  const context = { state, looks: input.study.looks, level: compared.level };
  const phase = (name: PhaseName): PhaseExplanation => explainPhase(a, b, name, context);
  const names = labelling([a, b]);
  const decode = phase('decode');
  const sides = [
    { cell: a, profile: profileA, work: decode.a },
    { cell: b, profile: profileB, work: decode.b },
  ];
  return {
    version: EXPLANATION_VERSION,
    runId: input.runId,
    a: { cellKey: a.cellKey, label: names.full(a), profile: profileA },
    b: { cellKey: b.cellKey, label: names.full(b), profile: profileB },
    comparison,
    decode,
    prefill: phase('prefill'),
    operators: operatorDifferences(profileA, profileB),
    idle: { a: idleShare(profileA), b: idleShare(profileB) },
    caveats: [
      ...compared.caveats,
      ...undecided(comparison),
      ...sides.flatMap(({ cell, profile, work }) => slowedByProfiler(names.full(cell), profile, work)),
    ],
  };
}

function undecided({ outcome }: ComparedPair): Caveat[] {
  if (outcome !== 'undecided' && outcome !== 'equivalent') return [];
  return [
    {
      id: 'no-difference',
      severity: 'warning',
      text: {
        en: `Whether the two differ is not shown (${outcome}): what follows may explain noise.`,
        ja: `二つに差があるとは示されていません（${outcome === 'undecided' ? '未決' : '同等'}）: 以下はノイズの説明かもしれません。`,
      },
    },
  ];
}

/** Above this a profile's proportions say little of the steps that were measured. */
const NOTABLE_SLOWDOWN = 1.25;

function slowedByProfiler(label: string, profile: Maybe<Profile>, work: PhaseExplanation['a']): Caveat[] {
  if (profile.kind === 'missing' || work.kind === 'missing') return [];
  const slowdown = profile.value.elapsed_ns / profile.value.steps / 1e9 / work.value.step_s;
  if (slowdown < NOTABLE_SLOWDOWN) return [];
  return [
    {
      id: 'slowed-by-profiler',
      severity: 'note',
      text: {
        en: `${label}: a step took ${formatNumber(slowdown, 2)} times as long under the profiler as when it was measured; small kernels suffer most.`,
        ja: `${label}: プロファイラーの下ではステップが測定時の ${formatNumber(slowdown, 2)} 倍の時間になりました。小さなカーネルほど影響を受けます。`,
      },
    },
  ];
}
