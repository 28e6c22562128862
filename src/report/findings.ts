/** From the summaries of a run to findings on the machine (`src/noise`), and from these to caveats. */
import type { JournalState } from '../journal/state.ts';
import type { LaunchOfCell } from '../metrics/launch-values.ts';
import type { CellSummary } from '../metrics/summarise.ts';
import type { Finding } from '../noise/finding.ts';
import { findings } from '../noise/findings.ts';
import type { LaunchSpeeds, SpeedSeries } from '../noise/series.ts';
import type { CaveatContext } from './caveat-context.ts';
import type { Caveat, Row } from './model.ts';

/** Of the ordinary rounds: the fresh blocks are few, and of chosen cells. */
export function machineFindings(
  state: JournalState,
  rows: readonly Row[],
  summaries: ReadonlyMap<string, CellSummary>,
): Finding[] {
  const order = new Map(state.launches.map(({ launch }, index) => [launch, index]));
  return findings(
    rows.map(({ cellKey, label }): SpeedSeries => {
      const launches = summaries.get(cellKey)?.explore.launches ?? [];
      return {
        cell: `${label} ${cellKey}`,
        launches: launches.flatMap((launch) => speedsOf(launch, order.get(launch.launch) ?? 0)),
      };
    }),
  );
}

export const findingCaveats = ({ findings: found }: CaveatContext): Caveat[] =>
  found.map(({ kind, sentence }) => ({ id: kind, severity: 'warning', text: sentence }));

function speedsOf({ place, values }: LaunchOfCell, order: number): LaunchSpeeds[] {
  const speeds = values.get('throughput')?.present ?? [];
  /** Figures belong to repeats by their position, as long as none is missing. */
  const figures = (id: string): readonly number[] => {
    const found = values.get(id)?.present ?? [];
    return found.length === speeds.length ? found : [];
  };
  const [foreign, frequency, throttle] = [
    figures('foreign-cpu-share'),
    figures('cpu-frequency'),
    figures('thermal-throttle-events'),
  ];
  if (speeds.length === 0) return [];
  return [
    {
      order,
      round: place.round,
      repeats: speeds.map((speed, index) => ({
        logSpeed: Math.log(speed),
        foreignCpuShare: foreign[index],
        frequency_Hz: frequency[index],
        throttleEvents: throttle[index],
      })),
    },
  ];
}
