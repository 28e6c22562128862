/**
 * What findings are made from: the speeds of a run in the order of time. Speeds are natural logarithms, so that differences
 * are relative; the launch is the unit between launches, the repeat within one.
 */
import { mean } from '../stats/moments.ts';

export interface SpeedSeries {
  /** What the cell is called. */
  readonly cell: string;
  readonly launches: readonly LaunchSpeeds[];
}

export interface LaunchSpeeds {
  /** When the launch began, as a position among all launches of the run. */
  readonly order: number;
  readonly round: number;
  /** At least one, in order of time. */
  readonly repeats: readonly RepeatSpeed[];
}

export interface RepeatSpeed {
  readonly logSpeed: number;
  readonly foreignCpuShare?: number | undefined;
  readonly frequency_Hz?: number | undefined;
  readonly throttleEvents?: number | undefined;
}

/** A launch, its speed relative to the mean of its cells. */
export interface LaunchDeviation {
  /** Launches of the same cells may change places. */
  readonly group: string;
  readonly order: number;
  readonly round: number;
  /** Mean over the launch's cells: they share its memory layout and its minute, and are no independent witnesses. */
  readonly deviation: number;
  readonly repeats: readonly RepeatSpeed[];
}

/** All launches of cells with two or more, in order of time. */
export function launchDeviations(series: readonly SpeedSeries[]): LaunchDeviation[] {
  const byOrder = new Map<
    number,
    { readonly cell: string; readonly of: LaunchSpeeds; readonly by: number }[]
  >();
  for (const { cell, launches } of series) {
    if (launches.length < 2) continue;
    const speeds = launches.map((launch) => meanOf(launch.repeats.map(({ logSpeed }) => logSpeed)));
    const centre = meanOf(speeds);
    for (const [i, of] of launches.entries()) {
      const known = byOrder.get(of.order) ?? [];
      byOrder.set(of.order, [...known, { cell, of, by: (speeds[i] ?? centre) - centre }]);
    }
  }
  return [...byOrder]
    .sort(([a], [b]) => a - b)
    .map(([order, cells]) => ({
      group: cells.map(({ cell }) => cell).join('\n'),
      order,
      round: cells[0]?.of.round ?? 0,
      deviation: meanOf(cells.map(({ by }) => by)),
      repeats: cells.flatMap(({ of }) => of.repeats),
    }));
}

/** Mean of one value or more. */
export function meanOf(values: readonly number[]): number {
  const value = mean(values);
  return value.kind === 'value' ? value.value : Number.NaN;
}

/** A difference of logarithms as a relative change: 0.05 is 5 % more. */
export const relative = (difference: number): number => Math.exp(difference) - 1;
