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
  return [
    {
      id: 'outputs-differ',
      severity: 'invalid',
      text: `fp32 outputs differ from the reference: ${names}. These rows are left out of the answer.`,
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
      text: `Synthetic weights of the exact shape: ${names}. Speed with forced length does not depend on the values; what the model writes does, so agreement of lossy precisions needs real weights.`,
    },
  ];
}

function unfinished({ state }: CaveatContext): Caveat[] {
  const { ended } = state;
  if (ended?.outcome === 'complete') return [];
  const why =
    ended === undefined
      ? 'the run did not end by itself'
      : ended.outcome === 'budget'
        ? 'the budget was used up'
        : 'the run was interrupted';
  return [
    {
      id: 'unfinished',
      severity: 'note',
      text: `Not finished: ${why}. Every value stands on the launches that were made; the same command goes on.`,
    },
  ];
}

function withoutReference({ state }: CaveatContext): Caveat[] {
  return state.referencesLeftOut.map(({ model, reason }) => ({
    id: 'reference-left-out',
    severity: 'note',
    text: `Outputs of ${model} were not all compared with a reference: ${reason}.`,
  }));
}

const SETTLED = {
  narrow: 'known narrowly enough',
  slower: 'slower than a rival',
  equivalent: 'equal to a rival to within the margin',
  'rivals-decided': 'with nothing left to decide',
} as const;

function stoppedEarly({ input, state }: CaveatContext): Caveat[] {
  const { looks } = input.study;
  if (looks === undefined) return [];
  const counts = Object.entries(SETTLED).flatMap(([why, text]) => {
    const count = state.settled.filter((one) => one.why === why).length;
    return count === 0 ? [] : [`${formatNumber(count, 0)} ${text}`];
  });
  const asWhole = state.invocations.some((invocation) => invocation.looks !== undefined);
  const stopped = asWhole
    ? 'The run ends at the look that decides its comparisons'
    : counts.length === 0
      ? 'No cell had enough before the last look'
      : `${counted(state.settled.length, 'cell')} had enough before the last look (${counts.join(', ')})`;
  return [
    {
      id: 'stopped-early',
      severity: 'note',
      text: `Cells were looked at after each of ${looks.first} to ${looks.maximum} launches. ${stopped}. Intervals are at the level of their look, so that they hold whenever ${asWhole ? 'it' : 'a cell'} stops.`,
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
            text: `${formatNumber(few.length, 0)} of ${counted(rows.length, 'cell')} ${few.length === 1 ? 'has' : 'have'} fewer than the ${minimumRounds} launches that the study asks for.`,
          },
        ]),
    ...(none === 0
      ? []
      : [
          {
            id: 'not-measured',
            severity: 'warning' as const,
            text: `${counted(none, 'planned cell')} ${none === 1 ? 'has' : 'have'} no measurement.`,
          },
        ]),
  ];
}
