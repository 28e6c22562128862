/** The verdicts of a report: what was observed of each cell of the study, handed to the judge of its claims. */

import type { JournalState } from '../journal/state.ts';
import { contentHash } from '../kernel/canonical.ts';
import type { Words } from '../kernel/language.ts';
import type { CellSummary, PhaseSummary } from '../metrics/summarise.ts';
import { failureWords } from '../protocol/failure.ts';
import { sum } from '../stats/moments.ts';
import type { Claim } from '../verdicts/claim.ts';
import { ERROR_RATE, judge, type Verdict } from '../verdicts/judge.ts';
import type { ObservedCell, ObservedState } from '../verdicts/observed.ts';
import type { ReportCell, ReportInput, ReportSkip } from './input.ts';

export interface ClaimsSection {
  /** Content hash of the claims with their margins, as the study fixed them before it ran. */
  readonly marginsHash: string;
  /** Probability of one wrong verdict or more. */
  readonly errorRate: number;
  readonly verdicts: readonly Verdict[];
}

export interface ObservationContext {
  readonly input: ReportInput;
  readonly state: JournalState;
  readonly summaries: ReadonlyMap<string, CellSummary>;
  /** Full names of cells. */
  readonly nameOf: (cell: ReportCell | ReportSkip) => string;
}

/** Undefined for a study without claims; `cells` as `observedCells` gives them. */
export function claimsSection(
  { claims, logicalCpus }: ReportInput['study'],
  cells: readonly ObservedCell[],
): ClaimsSection | undefined {
  if (claims.length === 0) return undefined;
  return {
    marginsHash: marginsHash(claims),
    errorRate: ERROR_RATE,
    verdicts: judge(claims, { cells, logicalCpus }),
  };
}

/** Of what is tested, not of its wording. */
export const marginsHash = (claims: readonly Claim[]): string =>
  contentHash(
    claims.map(({ id, kind, device, analogues, parameters }) => ({
      id,
      kind,
      device,
      analogues,
      parameters,
    })),
  );

/**
 * Every cell of the study, measured or not. The fresh blocks of winners do not count: winners were chosen. Where cells may
 * stop early, only the rounds that all get count: when to stop was read off the values.
 */
export function observedCells({ input, state, summaries, nameOf }: ObservationContext): ObservedCell[] {
  const failures = failuresByCell(state);
  const dropped = new Map(state.dropped.map(({ cellKey, reason }) => [cellKey, reason]));
  const settings = settingsByLaunch(state);
  const rounds = input.study.looks === undefined ? Number.POSITIVE_INFINITY : input.study.minimumRounds;
  const planned = input.cells.map((own): ObservedCell => {
    const { cell, cellKey, engineLabel: label } = own;
    const explore = summaries.get(cellKey)?.explore;
    const failure = failures.get(cellKey);
    const observed: ObservedState =
      explore !== undefined && explore.launches.length > 0
        ? { kind: 'measured', values: valuesOf(explore, rounds), settings: settingsOfAll(explore, settings) }
        : failure !== undefined
          ? {
              kind: 'absent',
              why: 'failed',
              cause: failure.cause,
              reason: failureWords(failure),
            }
          : { kind: 'absent', why: 'not-run', reason: dropped.get(cellKey) ?? NOT_REACHED };
    return { cell, label, cellKey, name: nameOf(own), state: observed };
  });
  const skipped = input.skipped.map((own): ObservedCell => {
    const { cell, engineLabel: label, cellKey, reason, kind } = own;
    return { cell, label, cellKey, name: nameOf(own), state: { kind: 'absent', why: kind, reason } };
  });
  return [...planned, ...skipped];
}

const NOT_REACHED: Words = { en: 'the run did not reach it', ja: '実行がここまで進みませんでした' };

/** Launch means by metric and round below `rounds`; two launches of a cell in one round count as their mean. */
function valuesOf({ launches }: PhaseSummary, rounds: number): Map<string, Map<number, number>> {
  const all = new Map<string, Map<number, number[]>>();
  for (const { place, values } of launches) {
    if (place.round >= rounds) continue;
    for (const [metric, { mean: centre }] of values) {
      if (centre.kind === 'missing') continue;
      const byRound = all.get(metric) ?? new Map<number, number[]>();
      all.set(metric, byRound);
      byRound.set(place.round, [...(byRound.get(place.round) ?? []), centre.value]);
    }
  }
  return new Map(
    [...all].map(([metric, byRound]) => [
      metric,
      new Map([...byRound].map(([round, means]) => [round, sum(means) / means.length])),
    ]),
  );
}

type Settings = Extract<ObservedState, { kind: 'measured' }>['settings'];

const settingsByLaunch = (state: JournalState): ReadonlyMap<string, Settings> =>
  new Map(state.launches.map(({ launch, loaded }) => [launch, loaded?.effective.settings ?? {}]));

/** Of all launches; one that differs between them has all of its values, so that it equals none. */
function settingsOfAll({ launches }: PhaseSummary, settings: ReadonlyMap<string, Settings>): Settings {
  const own = launches.map(({ launch }) => settings.get(launch) ?? {});
  const names = [...new Set(own.flatMap((one) => Object.keys(one)))];
  return Object.fromEntries(
    names.flatMap((name) => {
      const values = [...new Set(own.map((one) => one[name] ?? 'not reported'))];
      const [first] = values;
      return first === undefined ? [] : [[name, values.length === 1 ? first : values.join(' or ')]];
    }),
  );
}

type Failure = JournalState['otherFailures'][number];

/** The first failure of each cell; one of a whole launch is one of all cells that it was to serve. */
function failuresByCell(state: JournalState): ReadonlyMap<string, Failure> {
  const failures = new Map<string, Failure>();
  const note = (cellKey: string, failure: Failure | undefined): void => {
    if (failure !== undefined && !failures.has(cellKey)) failures.set(cellKey, failure);
  };
  for (const launch of state.launches) {
    for (const cell of launch.cells.values()) note(cell.cellKey, cell.failures[0]);
    for (const cellKey of launch.started.cellKeys) note(cellKey, launch.failures[0]);
  }
  return failures;
}
