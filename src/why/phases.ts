/** What the steps of a cell cost, and how near they come to what the machine allows, over its counted launches. */
import { countedLaunches } from '../journal/progress.ts';
import type { JournalState } from '../journal/state.ts';
import { type Maybe, missing, present, presentValues } from '../kernel/maybe.ts';
import { repeatInputs } from '../metrics/launch-values.ts';
import type { RepeatInput } from '../metrics/metric.ts';
import {
  bandwidthRoof,
  decodeStep,
  multiplyRoof,
  type PhaseCost,
  prefillStep,
} from '../metrics/step-costs.ts';
import type { ReportCell } from '../report/input.ts';
import { mean } from '../stats/moments.ts';
import type { PhaseExplanation, PhaseWork, SpeedFactors } from './model.ts';

const STEPS: Readonly<Record<'decode' | 'prefill', (input: RepeatInput) => Maybe<PhaseCost>>> = {
  decode: decodeStep,
  prefill: prefillStep,
};

/** Mean over launch means of the step's time, ordinary rounds; bytes and FLOPs from exact counts. */
export function phaseWork(
  cell: ReportCell,
  state: JournalState,
  phase: 'decode' | 'prefill',
): Maybe<PhaseWork> {
  const launches = (countedLaunches(state).get(cell.cellKey) ?? [])
    .filter(({ launch }) => launch.place.phase === 'explore')
    .map((counted) => repeatInputs(cell, counted, state.roofs));
  const [first] = launches.flat();
  if (first === undefined) return missing('not measured');
  const cost = STEPS[phase](first);
  if (cost.kind === 'missing') return cost;
  const step = mean(
    presentValues(
      launches.map((inputs) => mean(presentValues(inputs.map(STEPS[phase])).map(({ step_s }) => step_s))),
    ),
  );
  if (step.kind === 'missing') return step;
  const { weightBytes, kvReadBytes, kvWriteBytes, totalBytes, flops } = cost.value.cost;
  const roof = roofOf(first, totalBytes, flops);
  return present({
    step_s: step.value,
    weightBytes,
    kvBytes: kvReadBytes + kvWriteBytes,
    totalBytes,
    flops,
    roof,
    roofShare: roof.kind === 'missing' ? roof : present(roof.value.least_s / step.value),
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

/** Both sides of a phase with the factors of their ratio. */
export function explainPhase(a: Maybe<PhaseWork>, b: Maybe<PhaseWork>): PhaseExplanation {
  return { a, b, factors: factorsOf(a, b) };
}

function factorsOf(a: Maybe<PhaseWork>, b: Maybe<PhaseWork>): Maybe<SpeedFactors> {
  if (a.kind === 'missing') return a;
  if (b.kind === 'missing') return b;
  const [roofA, roofB] = [a.value.roof, b.value.roof];
  if (roofA.kind === 'missing') return roofA;
  if (roofB.kind === 'missing') return roofB;
  const speed = a.value.step_s / b.value.step_s;
  const work = roofA.value.least_s / roofB.value.least_s;
  return present({ speed, work, use: speed / work });
}
