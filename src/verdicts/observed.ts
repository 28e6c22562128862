/** What is known of one cell of the study: measured values by round, or why there are none. Plain data. */
import type { Cell } from '../axes/cell.ts';
import { type CellPattern, matches, type NamedCell } from '../axes/pattern.ts';
import type { Words } from '../kernel/language.ts';
import type { DeviceClass } from './claim.ts';
import type { Absence, Obstacle } from './evidence.ts';
import type { SpreadModel } from './spread.ts';

export interface ObservedCell extends NamedCell {
  readonly cell: Cell;
  readonly cellKey: string;
  /** Name for readers. */
  readonly name: string;
  readonly state: ObservedState;
}

export type ObservedState =
  | {
      readonly kind: 'measured';
      /** By metric id, then by round: the mean of the launch, in the stored unit. */
      readonly values: ReadonlyMap<string, ReadonlyMap<number, number>>;
      /** What the engine says that it did, from its last launch. */
      readonly settings: Readonly<Record<string, string | number | boolean>>;
    }
  | {
      readonly kind: 'absent';
      /** `unsupported`: the engine cannot; `failed`: it tried and failed; else nothing was tried. */
      readonly why: Exclude<Obstacle, 'no-value'>;
      /** Cause of a failure: `out-of-memory`. */
      readonly cause?: string;
      readonly reason: Words;
    };

/** All cells of the study, with what the machine calls all of its threads. */
export interface Observations {
  readonly cells: readonly ObservedCell[];
  readonly logicalCpus: number;
}

/** What claims are tested in. */
export interface World extends Observations {
  /** How much comparisons vary. */
  readonly spread: SpreadModel;
}

/** The cells that match every one of `patterns`. */
export const select = (
  { cells, logicalCpus }: Observations,
  ...patterns: readonly CellPattern[]
): ObservedCell[] => cells.filter((cell) => patterns.every((pattern) => matches(pattern, cell, logicalCpus)));

/** The class of a device by its name: `cpu` or an accelerator. */
export const deviceClass = (device: string): Exclude<DeviceClass, 'any'> =>
  device === 'cpu' ? 'cpu' : 'gpu';

/** Whether `cell` has a value of `metric`. */
export const isMeasured = ({ state }: ObservedCell, metric: string): boolean =>
  state.kind === 'measured' && (state.values.get(metric)?.size ?? 0) > 0;

/** Values of `metric` by round, each passed through `f`; empty where the cell was not measured. */
export function roundsOf(
  { state }: ObservedCell,
  metric: string,
  f: (value: number) => number,
): ReadonlyMap<number, number> {
  if (state.kind !== 'measured') return new Map();
  return new Map([...(state.values.get(metric) ?? [])].map(([round, value]) => [round, f(value)]));
}

/** Why `cell` has no value of `metric`. */
export const absence = ({ name, state }: ObservedCell, metric: string): Absence =>
  state.kind === 'absent'
    ? { name, reason: state.reason, obstacle: state.why }
    : {
        name,
        reason: { en: `${metric} has no value`, ja: `${metric} に値がありません` },
        obstacle: 'no-value',
      };

/** Those of `cells` that were not measured at all. */
export const absent = (cells: readonly ObservedCell[]): Absence[] =>
  cells.flatMap(({ name, state }) =>
    state.kind === 'absent' ? [{ name, reason: state.reason, obstacle: state.why }] : [],
  );
