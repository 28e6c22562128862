/** The device figure of several machines: the experiments that have one, or else the smallest workload of each model. */

import { same } from '../../kernel/language.ts';
import { missing, NOT_MEASURED } from '../../kernel/maybe.ts';
import type { ExperimentCell, ExperimentSection } from '../experiments.ts';
import type { MergedSide } from './side.ts';

/** Undefined where no run measured anything. A device that a machine measured nothing on is a note, not a row of gaps. */
export function devicesSection(sides: readonly MergedSide[]): ExperimentSection | undefined {
  const asked = sides
    .flatMap(({ report }) => report.experiments ?? [])
    .find(({ figure }) => figure === 'devices');
  const all = sides.flatMap((side) =>
    (asked === undefined ? smallestWorkloads(side) : ownDevices(side)).map((cell) => ({
      ...cell,
      position: `${side.machine.letter} ${cell.position}`,
    })),
  );
  const measured = new Set(
    all.flatMap(({ position, throughput }) => (throughput.kind === 'value' ? [position] : [])),
  );
  if (measured.size === 0) return undefined;
  const absent = new Map(
    all.flatMap(({ position, throughput }) =>
      measured.has(position) || throughput.kind === 'value' ? [] : [[position, throughput.reason] as const],
    ),
  );
  return {
    id: 'devices',
    title: asked?.title ?? 'Devices',
    figure: 'devices',
    cells: all.filter(({ position }) => measured.has(position)),
    notes: [
      ...sides.map(({ machine }) => same(`${machine.letter} = ${machine.name}`)),
      ...[...absent].map(([position, reason]) => ({
        en: `${position}: ${reason.en}`,
        ja: `${position}: ${reason.ja}`,
      })),
    ],
  };
}

const ownDevices = ({ report }: MergedSide): readonly ExperimentCell[] =>
  (report.experiments ?? []).find(({ figure }) => figure === 'devices')?.cells ?? [];

/** Of each model the rows of one setting: that of its first row at the smallest batch, whatever else varies. */
function smallestWorkloads({ report }: MergedSide): ExperimentCell[] {
  const { rows } = report.table;
  return [...new Set(rows.map(({ cell }) => cell.model))].flatMap((model) => {
    const own = rows.filter(({ cell }) => cell.model === model);
    const batch = Math.min(...own.map(({ cell }) => cell.batch));
    const first = own.find(({ cell }) => cell.batch === batch);
    return own
      .filter(({ settingKey: key }) => key === first?.settingKey)
      .map(({ cellKey, cell, engineLabel, label, values }) => ({
        cellKey,
        model,
        engine: engineLabel,
        position: cell.device,
        series: label,
        throughput: values['throughput'] ?? missing(NOT_MEASURED),
      }));
  });
}
