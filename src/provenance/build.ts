/** Leads every value of one cell back to where it comes from: a pure function of a run's journal and conditions. */

import { marksOf, repeatCount } from '../journal/packed-repeats.ts';
import { countedLaunches, setAside } from '../journal/progress.ts';
import { type JournalState, journalState, type LaunchState } from '../journal/state.ts';
import { type Maybe, missing, NOT_MEASURED, present } from '../kernel/maybe.ts';
import type { Metric } from '../metrics/metric.ts';
import { launchOfRun, summarise } from '../metrics/summarise.ts';
import { failureWords } from '../protocol/failure.ts';
import { agreementIndex } from '../report/agreement.ts';
import { conditions } from '../report/conditions.ts';
import type { Fact, ReportCell, ReportInput } from '../report/input.ts';
import { labelling } from '../report/labels.ts';
import { type PricedCell, priced } from '../report/priced.ts';
import { launchLines, linesOf } from './lines.ts';
import {
  type Counted,
  PROVENANCE_VERSION,
  type Provenance,
  type ProvenInvocation,
  type ProvenLaunch,
  type ProvenValue,
} from './model.ts';

export interface ProvenanceInput {
  readonly input: ReportInput;
  /** One of `input.cells`. */
  readonly cell: ReportCell;
  readonly metrics: readonly Metric[];
  readonly files: readonly Fact[];
  readonly commands: readonly Fact[];
}

/** The provenance of every value of `cell`. */
export function buildProvenance({ input, cell, metrics, files, commands }: ProvenanceInput): Provenance {
  const { records } = input;
  const state = journalState(records);
  const { cellKey } = cell;
  const metricCell = priced(cell, input);
  const summary = summarise([metricCell], state, metrics, input.study.looks).get(cellKey);
  const synthetic = input.models.some(
    ({ name, syntheticSeed }) => name === cell.cell.model && syntheticSeed !== undefined,
  );
  return {
    version: PROVENANCE_VERSION,
    runId: input.runId,
    cellKey,
    label: labelling(input.cells).full(cell),
    asked: cell.cell,
    values: metrics.map(
      (metric): ProvenValue => ({
        metric: columnOf(metric),
        explore: summary?.explore.estimates.get(metric.id) ?? missing(NOT_MEASURED),
        confirm: summary?.confirm.estimates.get(metric.id) ?? missing(NOT_MEASURED),
      }),
    ),
    launches: provenLaunches(input, metricCell, state, metrics),
    agreement: agreementIndex(state, input.cells).of(cell.cell, cellKey, synthetic),
    agreementLines: linesOf(records, (record) => record.kind === 'agreement' && record.cellKey === cellKey),
    roofLines: linesOf(records, (record) => record.kind === 'roofs' && record.scope === 'run'),
    invocations: invocations(input),
    conditions: conditions(input.environment, state),
    files,
    commands,
  };
}

const columnOf = (metric: Metric): ProvenValue['metric'] => {
  const { id, title, definition, formula, source, storedUnit, shown, better, main } = metric;
  const { unit: shownUnit, scale, digits } = shown;
  return {
    id,
    title,
    definition,
    formula,
    source,
    storedUnit,
    shownUnit,
    scale,
    digits,
    better,
    shown: main,
  };
};

function provenLaunches(
  { records }: ReportInput,
  metricCell: PricedCell,
  state: JournalState,
  metrics: readonly Metric[],
): ProvenLaunch[] {
  const { cellKey } = metricCell;
  const counted = countedLaunches(state).get(cellKey) ?? [];
  return state.launches.flatMap((launch): ProvenLaunch[] => {
    const cell = launch.cells.get(cellKey);
    if (cell === undefined && !launch.started.cellKeys.includes(cellKey)) return [];
    const lines = launchLines(records, launch.launch, cellKey);
    const aside = setAside(marksOf(cell?.repeats ?? []));
    const own = cell === undefined ? undefined : launchOfRun(metricCell, { launch, cell }, state, metrics);
    return [
      {
        launch: launch.launch,
        phase: launch.place.phase,
        round: launch.place.round,
        block: launch.place.block,
        wallTime: launch.started.wallTime,
        outcome: launch.outcome,
        counted: countedAs(launch, repeatCount(cell?.repeats ?? []), counted),
        lines,
        setAside: lines.repeats.filter((_, index) => aside[index] === true),
        values: Object.fromEntries([...(own?.values ?? [])].map(([id, { present: found }]) => [id, found])),
        effective: launch.loaded?.effective,
        versions: launch.ready?.versions ?? {},
        warmUps_ns: cell?.warmUp?.durations_ns ?? [],
        steady: cell?.warmUp?.steady,
        noise: cell?.measured?.noise,
        memory: cell?.measured?.memory,
        probe: launch.roofs,
        failures: [...launch.failures, ...(cell?.failures ?? [])].map(failureWords),
      },
    ];
  });
}

function countedAs(
  launch: LaunchState,
  repeats: number,
  counted: readonly { readonly launch: LaunchState }[],
): Counted {
  if (counted.some((one) => one.launch === launch)) return { kind: 'counted' };
  if (repeats === 0)
    return {
      kind: 'left-out',
      reason: { en: 'it has no repeat of this cell', ja: 'このセルの反復がありません' },
    };
  return {
    kind: 'left-out',
    reason: {
      en: 'it was cut short, and another launch took its place',
      ja: '途中で終わり、別の起動が代わりになりました',
    },
  };
}

function invocations({ records }: ReportInput): ProvenInvocation[] {
  const recorded = (value: string | undefined): Maybe<string> =>
    value === undefined ? missing({ en: 'not recorded', ja: '記録がありません' }) : present(value);
  const lines = linesOf(records, (record) => record.kind === 'run-started');
  return records
    .filter((record) => record.kind === 'run-started')
    .map(
      ({ wallTime, hayasa, source }, index): ProvenInvocation => ({
        line: lines[index] ?? Number.NaN,
        wallTime,
        hayasa,
        commit: recorded(source?.commit),
        lockHash: recorded(source?.lockHash),
      }),
    );
}
