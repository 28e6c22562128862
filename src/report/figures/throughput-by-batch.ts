/**
 * Throughput by batch size: a panel per setting, a line per configuration with its intervals, log-log axes, so that a
 * constant gain is a constant distance. Colour = engine, dash and marker = precision and options; each line is labelled
 * at its end. One batch size gives bars instead.
 */
import type { TopLevelSpec } from 'vega-lite';
import { presentValue } from '../../kernel/maybe.ts';
import type { Report, Row } from '../model.ts';
import type { Figure } from './figure.ts';
import { COLOURS, cycled, DASHES, FONT, MARKERS } from './palette.ts';

/** A reader cannot compare more panels than this at once; the table has all settings. */
const MAXIMUM_PANELS = 4;
const WIDTH = 420;
const HEIGHT = 320;
const BAR_HEIGHT = 22;

interface Point {
  readonly panel: string;
  readonly engine: string;
  readonly configuration: string;
  readonly batch: number;
  readonly throughput: number;
  readonly low: number;
  readonly high: number;
  readonly last: boolean;
}

export const throughputByBatch: Figure = {
  id: 'throughput-by-batch',
  make: (report) => {
    const points = pointsOf(report);
    if (points.length === 0) return undefined;
    const batches = [...new Set(points.map(({ batch }) => batch))].sort((a, b) => a - b);
    const [only] = batches;
    return batches.length === 1
      ? { title: `Throughput at batch ${only ?? ''}`, spec: bars(points) }
      : { title: 'Throughput by batch size', spec: lines(points, batches) };
  },
};

function pointsOf({ answer, table }: Report): Point[] {
  return answer.settings.slice(0, MAXIMUM_PANELS).flatMap(({ setting, settingKey }) => {
    const rows = table.rows.filter((row) => row.settingKey === settingKey);
    return rows.flatMap((row) => {
      const estimate = presentValue(row.values['throughput'] ?? { kind: 'missing', reason: '' });
      if (estimate === undefined) return [];
      const interval = presentValue(estimate.interval);
      return [
        {
          panel: setting,
          engine: row.engineLabel,
          configuration: row.label,
          batch: row.cell.batch,
          throughput: estimate.mean,
          // An interval may reach below zero; a log axis cannot.
          low: Math.max(interval?.low ?? estimate.mean, estimate.mean / 100),
          high: interval?.high ?? estimate.mean,
          last: isLast(row, rows),
        },
      ];
    });
  });
}

const isLast = (row: Row, rows: readonly Row[]): boolean =>
  rows.every(
    (other) => other.label !== row.label || other.cell.batch <= row.cell.batch || other.launches === 0,
  );

function encodings(points: readonly Point[]) {
  const engines = [...new Set(points.map(({ engine }) => engine))];
  const configurations = [...new Set(points.map(({ configuration }) => configuration))];
  const engineOf = new Map(points.map(({ configuration, engine }) => [configuration, engine]));
  // Dashes and markers count within an engine, so that its first precision is drawn solid.
  const within = configurations.map(
    (configuration, index) =>
      configurations.slice(0, index).filter((other) => engineOf.get(other) === engineOf.get(configuration))
        .length,
  );
  const legend = { title: null, orient: 'bottom', columns: 3, labelLimit: 0, symbolSize: 80 } as const;
  return {
    colour: {
      field: 'engine',
      type: 'nominal',
      scale: { domain: engines, range: engines.map((_, index) => cycled(COLOURS, index)) },
      legend: null,
    },
    dash: {
      field: 'configuration',
      type: 'nominal',
      scale: { domain: configurations, range: within.map((index) => [...cycled(DASHES, index)]) },
      legend,
    },
    marker: {
      field: 'configuration',
      type: 'nominal',
      scale: { domain: configurations, range: within.map((index) => cycled(MARKERS, index)) },
      legend,
    },
  } as const;
}

function lines(points: readonly Point[], batches: readonly number[]): TopLevelSpec {
  const { colour, dash, marker } = encodings(points);
  const ticks: number[] = [...batches];
  const x = {
    field: 'batch',
    type: 'quantitative',
    scale: { type: 'log', base: 2, nice: false, padding: 12 },
    axis: { title: 'batch (sequences)', values: ticks, format: 'd', grid: false },
  } as const;
  const y = {
    field: 'throughput',
    type: 'quantitative',
    scale: { type: 'log', nice: true },
    axis: { title: 'throughput (tokens/s)', format: ',~r', tickCount: 6 },
  } as const;
  return {
    ...base(points),
    facet: panelFacet,
    spec: {
      width: WIDTH,
      height: HEIGHT,
      layer: [
        { mark: { type: 'line', strokeWidth: 1.5 }, encoding: { x, y, color: colour, strokeDash: dash } },
        {
          mark: { type: 'rule', strokeWidth: 1 },
          encoding: {
            x,
            y: { ...y, field: 'low' },
            y2: { field: 'high' },
            color: colour,
            detail: { field: 'configuration' },
          },
        },
        {
          mark: { type: 'point', filled: true, size: 60, opacity: 1 },
          encoding: { x, y, color: colour, shape: marker },
        },
        {
          transform: [{ filter: 'datum.last' }],
          mark: { type: 'text', align: 'left', dx: 8, fontSize: 10, limit: 170 },
          encoding: { x, y, text: { field: 'configuration' }, color: colour },
        },
      ],
    },
  };
}

function bars(points: readonly Point[]): TopLevelSpec {
  const { colour } = encodings(points);
  const y = {
    field: 'configuration',
    type: 'nominal',
    sort: null,
    axis: { title: null, labelLimit: 0, ticks: false },
  } as const;
  const x = {
    field: 'throughput',
    type: 'quantitative',
    scale: { zero: true },
    axis: { title: 'throughput (tokens/s)', format: ',~r' },
  } as const;
  return {
    ...base(points),
    facet: panelFacet,
    spec: {
      width: WIDTH,
      height: { step: BAR_HEIGHT },
      layer: [
        { mark: { type: 'bar', height: 12 }, encoding: { x, y, color: colour } },
        {
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
        },
      ],
    },
  };
}

const panelFacet = {
  field: 'panel',
  type: 'nominal',
  columns: 2,
  sort: null,
  header: { title: null, labelFontSize: 12, labelFontWeight: 'bold', labelLimit: 0 },
} as const;

function base(points: readonly Point[]) {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: { left: 5, top: 5, right: 180, bottom: 5 },
    config: { font: FONT, view: { stroke: '#ccc' } },
    data: { values: points.map((point) => ({ ...point })) },
    columns: 2,
  };
}
