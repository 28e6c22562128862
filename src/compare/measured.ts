/** What the cells of one side gave, or why they gave nothing. */

import { type JournalState, journalState } from '../journal/state.ts';
import type { Words } from '../kernel/language.ts';
import { type Maybe, missing, NOT_MEASURED } from '../kernel/maybe.ts';
import type { Metric } from '../metrics/metric.ts';
import { type PhaseSummary, summarise } from '../metrics/summarise.ts';
import { failureWords } from '../protocol/failure.ts';
import type { ReportCell, ReportInput } from '../report/input.ts';
import { priced } from '../report/priced.ts';
import type { Estimate } from '../stats/estimate.ts';

/** What a side's cells gave. */
export interface MeasuredSide {
  readonly input: ReportInput;
  readonly state: JournalState;
  readonly explore: (cell: ReportCell) => PhaseSummary;
  /** Of the ordinary rounds; where nothing was measured, the failure or the reason of dropping. */
  readonly estimate: (cell: ReportCell) => Maybe<Estimate>;
}

const EMPTY: PhaseSummary = { launches: [], estimates: new Map() };

/** Reads a side's journal for one metric. */
export function measuredSide(input: ReportInput, metric: Metric): MeasuredSide {
  const state = journalState(input.records);
  const cells = input.cells.map((cell) => priced(cell, input));
  const summaries = summarise(cells, state, [metric], input.study.looks);
  const explore = ({ cellKey }: ReportCell): PhaseSummary => summaries.get(cellKey)?.explore ?? EMPTY;
  return {
    input,
    state,
    explore,
    estimate: (cell) => {
      const found = explore(cell).estimates.get(metric.id) ?? missing(NOT_MEASURED);
      return found.kind === 'value' ? found : missing(whyUnmeasured(state, cell.cellKey) ?? found.reason);
    },
  };
}

function whyUnmeasured(state: JournalState, cellKey: string): Words | undefined {
  const failure = state.launches.flatMap(({ cells }) => cells.get(cellKey)?.failures ?? [])[0];
  if (failure !== undefined) return failureWords(failure);
  return state.dropped.find((one) => one.cellKey === cellKey)?.reason;
}
