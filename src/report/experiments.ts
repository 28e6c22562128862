/** The experiments of a study with their cells, for figures and the tables beside them: each value, or why there is none. */

import type { Cell } from '../axes/cell.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import type { Words } from '../kernel/language.ts';
import { type Maybe, missing, NOT_MEASURED } from '../kernel/maybe.ts';
import type { Estimate } from '../stats/estimate.ts';
import type { FigureKind } from '../study/figure-kinds.ts';
import type { ObservedCell } from '../verdicts/observed.ts';
import type { ReportCell, ReportInput, ReportSkip } from './input.ts';

export interface ExperimentSection {
  readonly id: string;
  readonly title: string;
  readonly figure: FigureKind;
  readonly cells: readonly ExperimentCell[];
  /** Lines under the title of the figure. */
  readonly notes?: readonly Words[];
}

export interface ExperimentCell {
  readonly cellKey: string;
  readonly model: string;
  readonly engine: string;
  /** What is on the figure's own axis: `512`, `cuda:0`, `w8`. */
  readonly position: string | number;
  /** The engine, and whatever else varies: one line, or one bar per position. */
  readonly series: string;
  /** Tokens per second. */
  readonly throughput: Maybe<Estimate>;
}

/** The field of a cell on the axis of each figure. */
export const FIGURE_FIELDS = {
  devices: 'device',
  'input-length': 'inputTokens',
  batch: 'batch',
  precision: 'precision',
} as const satisfies Readonly<Record<FigureKind, keyof Cell>>;

/** Fields that follow from others, or that tell nothing. */
const IGNORED: ReadonlySet<string> = new Set([
  'task',
  'model',
  'modelHash',
  'engine',
  'engineVersion',
  'options',
]);

/** Sections of the experiments that ask for a figure; `rows` have the values, `observed` the reasons where there is none. */
export function experimentSections(
  input: ReportInput,
  rows: readonly ThroughputRow[],
  observed: readonly ObservedCell[],
): ExperimentSection[] {
  const values = new Map(rows.map(({ cellKey, values: own }) => [cellKey, own['throughput']]));
  const states = new Map(observed.map(({ cellKey, state }) => [cellKey, state]));
  const throughputOf = (cellKey: string): Maybe<Estimate> => {
    const value = values.get(cellKey);
    const state = states.get(cellKey);
    if (value?.kind === 'value') return value;
    return state?.kind === 'absent' ? missing(state.reason) : (value ?? missing(NOT_MEASURED));
  };
  const all = [...input.cells, ...input.skipped];
  return input.study.experiments.flatMap(({ id, title, figure }) => {
    if (figure === undefined) return [];
    const own = all.filter(({ experiments }) => experiments.includes(id));
    const field = FIGURE_FIELDS[figure];
    const seriesOf = seriesNames(own, field);
    return [
      {
        id,
        title,
        figure,
        cells: own.map((one) => ({
          cellKey: one.cellKey,
          model: one.cell.model,
          engine: one.engineLabel,
          position: one.cell[field],
          series: seriesOf(one),
          throughput: throughputOf(one.cellKey),
        })),
      },
    ];
  });
}

/** What is read of a row of the table. */
interface ThroughputRow {
  readonly cellKey: string;
  readonly values: Readonly<Record<string, Maybe<Estimate>>>;
}

type Named = ReportCell | ReportSkip;

/** The engine's label with what varies beside model and axis: options within the label, then all other fields. */
function seriesNames(cells: readonly Named[], field: keyof Cell): (one: Named) => string {
  const fields = (Object.keys(cells[0]?.cell ?? {}) as (keyof Cell)[]).filter(
    (key) =>
      key !== field &&
      !IGNORED.has(key) &&
      !(key === 'slots' && cells.every(({ cell }) => cell.slots === cell.batch)) &&
      new Set(cells.map(({ cell }) => cell[key])).size > 1,
  );
  const optionSets = new Map<string, Set<string>>();
  for (const { cell, engineLabel } of cells) {
    optionSets.set(engineLabel, (optionSets.get(engineLabel) ?? new Set()).add(canonicalJson(cell.options)));
  }
  return ({ cell, engineLabel }) =>
    [
      engineLabel,
      ...((optionSets.get(engineLabel)?.size ?? 0) > 1
        ? Object.entries(cell.options).map(([name, value]) => `${name}=${String(value)}`)
        : []),
      ...fields.map((key) => String(cell[key])),
    ].join(' ');
}
