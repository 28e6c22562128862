/** What the steps of a cell cost, and how near they come to what the machine allows, over its counted launches. */
import { designSides } from '../compare/sides.ts';
import { countedLaunches } from '../journal/progress.ts';
import type { JournalState } from '../journal/state.ts';
import { type Maybe, mapMaybe, missing, NOT_MEASURED, present } from '../kernel/maybe.ts';
import { repeatInputs } from '../metrics/launch-values.ts';
import type { Metric, RepeatInput } from '../metrics/metric.ts';
import { MILLISECONDS, OWN_SOURCE } from '../metrics/shown.ts';
import {
  bandwidthRoof,
  decodeStep,
  multiplyRoof,
  type PhaseCost,
  prefillStep,
} from '../metrics/step-costs.ts';
import { type PhaseSummary, summarise } from '../metrics/summarise.ts';
import type { ReportCell } from '../report/input.ts';
import { compareSides } from '../stats/comparison.ts';
import type { Estimate } from '../stats/estimate.ts';
import type { SequentialDesign } from '../stats/sequential.ts';
import type { PhaseExplanation, PhaseWork, SpeedFactors } from './model.ts';

export type PhaseName = 'decode' | 'prefill';

const STEPS: Readonly<Record<PhaseName, (input: RepeatInput) => Maybe<PhaseCost>>> = {
  decode: decodeStep,
  prefill: prefillStep,
};

/** The step's time as a metric, so that it gets its interval, and its ratio its pairing, by the rules of all others. */
const stepTime = (phase: PhaseName): Metric => ({
  id: `${phase}-step-time`,
  title: { en: 'Step time', ja: 'ステップ時間' },
  definition: {
    en: 'Mean time of a decode step, or of the prefill of the batch.',
    ja: 'デコードの 1 ステップ、またはバッチのプリフィルの平均時間。',
  },
  formula: 'time / steps',
  source: OWN_SOURCE,
  ...MILLISECONDS,
  undefinedWhen: 'the phase has no step',
  main: false,
  level: 'repeat',
  compute: (input) => mapMaybe(STEPS[phase](input), ({ step_s }) => step_s),
});

/** What both phases are explained from. */
export interface PhaseContext {
  readonly state: JournalState;
  /** How the ordinary rounds were looked at; undefined where no cell could stop early. */
  readonly looks: SequentialDesign | undefined;
  /** Coverage of the ratio's interval. */
  readonly level: number;
}

/** Both sides of a phase, ordinary rounds, with the factors of their ratio. */
export function explainPhase(
  a: ReportCell,
  b: ReportCell,
  phase: PhaseName,
  { state, looks, level }: PhaseContext,
): PhaseExplanation {
  const metric = stepTime(phase);
  const summaryOf = (cell: ReportCell): PhaseSummary =>
    summarise([cell], state, [metric], looks).get(cell.cellKey)?.explore ?? NOTHING;
  const [summaryA, summaryB] = [summaryOf(a), summaryOf(b)];
  const [workA, workB] = [
    phaseWork(a, state, phase, stepOf(summaryA, metric)),
    phaseWork(b, state, phase, stepOf(summaryB, metric)),
  ];
  const { sides } = designSides(summaryA, summaryB, metric, true);
  const { ratio: speed } = compareSides(sides, { margin: MARGIN, level });
  return { a: workA, b: workB, speed, factors: factorsOf(workA, workB, speed) };
}

const NOTHING: PhaseSummary = { launches: [], estimates: new Map() };
/** The outcome is not asked for. */
const MARGIN = 0.02;

const stepOf = ({ estimates }: PhaseSummary, { id }: Metric): Maybe<Estimate> =>
  estimates.get(id) ?? missing(NOT_MEASURED);

/** The step's time over launch means; bytes and FLOPs from exact counts. */
function phaseWork(
  cell: ReportCell,
  state: JournalState,
  phase: PhaseName,
  step: Maybe<Estimate>,
): Maybe<PhaseWork> {
  const [first] = (countedLaunches(state).get(cell.cellKey) ?? [])
    .filter(({ launch }) => launch.place.phase === 'explore')
    .flatMap((counted) => repeatInputs(cell, counted, state.roofs));
  if (first === undefined) return missing(NOT_MEASURED);
  const cost = STEPS[phase](first);
  if (cost.kind === 'missing') return cost;
  if (step.kind === 'missing') return step;
  const { weightBytes, kvReadBytes, kvWriteBytes, totalBytes, flops } = cost.value.cost;
  const roof = roofOf(first, totalBytes, flops);
  return present({
    step: step.value,
    step_s: step.value.mean,
    weightBytes,
    kvBytes: kvReadBytes + kvWriteBytes,
    totalBytes,
    flops,
    roof,
    roofShare: roof.kind === 'missing' ? roof : present(roof.value.least_s / step.value.mean),
  });
}

function roofOf({ roofs, precision }: RepeatInput, bytes: number, flops: number): PhaseWork['roof'] {
  const bandwidth = bandwidthRoof(roofs);
  if (bandwidth.kind === 'missing') return bandwidth;
  const rate = multiplyRoof(roofs, precision);
  if (rate.kind === 'missing') return rate;
  const [memory_s, compute_s] = [bytes / bandwidth.value, flops / rate.value];
  return present({
    least_s: Math.max(memory_s, compute_s),
    bound: memory_s >= compute_s ? 'memory' : 'compute',
  });
}

/** The roofs are taken as exact: what is uncertain of the speed is uncertain of the use. */
function factorsOf(a: Maybe<PhaseWork>, b: Maybe<PhaseWork>, speed: Maybe<Estimate>): Maybe<SpeedFactors> {
  if (a.kind === 'missing') return a;
  if (b.kind === 'missing') return b;
  if (speed.kind === 'missing') return speed;
  const [roofA, roofB] = [a.value.roof, b.value.roof];
  if (roofA.kind === 'missing') return roofA;
  if (roofB.kind === 'missing') return roofB;
  const work = roofA.value.least_s / roofB.value.least_s;
  const { mean, interval } = speed.value;
  return present({
    speed: mean,
    work,
    use: mean / work,
    useInterval: mapMaybe(interval, ({ low, high, level }) => ({
      low: low / work,
      high: high / work,
      level,
    })),
  });
}
