/** What a report's summaries are made from. */
import { launchMetrics } from '../dialects/dialect.ts';
import type { JournalState } from '../journal/state.ts';
import type { MetricCell } from '../metrics/launch-values.ts';
import type { Metric } from '../metrics/metric.ts';
import { METRICS } from '../metrics/registry.ts';
import type { SequentialDesign } from '../stats/sequential.ts';
import type { ReportCell, ReportInput } from './input.ts';
import { priced } from './priced.ts';

export interface SummaryRequest {
  /** Those that have a row, with what an hour of their device costs. */
  readonly cells: readonly MetricCell[];
  readonly metrics: readonly Metric[];
  readonly looks: SequentialDesign | undefined;
}

export const summaryRequest = (
  input: Pick<ReportInput, 'cells' | 'study' | 'dialect'>,
  state: JournalState,
): SummaryRequest => ({
  cells: shownCells(input, state).map((cell) => priced(cell, input)),
  metrics: [...METRICS, ...(input.dialect === undefined ? [] : launchMetrics(input.dialect))],
  looks: input.study.looks,
});

/** Cells that were dropped for want of time have no row, unless something of them was measured before. */
export function shownCells({ cells }: Pick<ReportInput, 'cells'>, state: JournalState): ReportCell[] {
  const dropped = new Set(state.dropped.map(({ cellKey }) => cellKey));
  const measured = measuredKeys(state);
  return cells.filter(({ cellKey }) => !dropped.has(cellKey) || measured.has(cellKey));
}

/** Cells of which a launch has something. */
export const measuredKeys = (state: JournalState): ReadonlySet<string> =>
  new Set(state.launches.flatMap(({ cells }) => [...cells.keys()]));
