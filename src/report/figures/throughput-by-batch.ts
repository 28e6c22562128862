/**
 * Throughput by batch size: a panel per setting, a line per configuration with its intervals, log-log axes, so that a
 * constant gain is a constant distance. Colour = engine, dash and marker = precision and options; each line is labelled
 * at its end, labels pushed apart where lines end close together. One batch size gives bars instead.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { Language } from '../../kernel/language.ts';
import { missing, NOT_MEASURED, presentValue } from '../../kernel/maybe.ts';
import type { Report, Row } from '../model.ts';
import type { Figure } from './figure.ts';
import { cutMark, onLogAxis } from './log-axis.ts';
import { COLOURS, cycled, DASHES, FONT, MARKERS } from './palette.ts';
import { intervalLine, WORDS } from './words.ts';

/** A reader cannot compare more panels than this at once; the table has all settings. */
const MAXIMUM_PANELS = 4;
const WIDTH = 420;
const HEIGHT = 320;
const BAR_HEIGHT = 22;
/** Height of a line of labels and width of their characters, in pixels. */
const LABEL_HEIGHT = 13;
const LABEL_CHARACTER_WIDTH = 6;

interface Point {
  readonly panel: string;
  readonly engine: string;
  readonly configuration: string;
  readonly batch: number;
  readonly throughput: number;
  readonly low: number;
  readonly high: number;
  /** Height of the label at the line's end, in tokens/s; undefined where the line goes on. */
  readonly labelAt: number | undefined;
}

export const throughputByBatch: Figure = {
  id: 'throughput-by-batch',
  make: (report) => {
    const points = pointsOf(report);
    if (points.length === 0) return undefined;
    const batches = [...new Set(points.map(({ batch }) => batch))].sort((a, b) => a - b);
    const [only] = batches;
    const { language = 'en' } = report;
    if (batches.length === 1) {
      const title = { en: `Throughput at batch ${only ?? ''}`, ja: `バッチ ${only ?? ''} のスループット` };
      return { title: title[language], spec: bars(points, language) };
    }
    return { title: WORDS[language].throughputByBatch, spec: lines(points, batches, language) };
  },
};

function pointsOf({ answer, table, language = 'en' }: Report): Point[] {
  return answer.settings.slice(0, MAXIMUM_PANELS).flatMap(({ setting, settingKey }) => {
    const rows = table.rows.filter((row) => row.settingKey === settingKey);
    return rows.flatMap((row) => {
      const estimate = presentValue(row.values['throughput'] ?? missing(NOT_MEASURED));
      if (estimate === undefined) return [];
      const interval = presentValue(estimate.interval);
      return [
        {
          panel: setting[language],
          engine: row.engineLabel,
          configuration: row.label,
          batch: row.cell.batch,
          throughput: estimate.mean,
          low: interval?.low ?? estimate.mean,
          high: interval?.high ?? estimate.mean,
          labelAt: isLast(row, rows) ? estimate.mean : undefined,
        },
      ];
    });
  });
}

const isLast = (row: Row, rows: readonly Row[]): boolean =>
  rows.every(
    (other) => other.label !== row.label || other.cell.batch <= row.cell.batch || other.launches === 0,
  );

/** The axis: a margin of 10 % around everything that is drawn. */
function domainOf(points: readonly Point[]): [number, number] {
  const low = Math.min(...points.map((point) => point.low));
  const high = Math.max(...points.map((point) => point.high));
  return [low / 1.1, high * 1.1];
}

/** Labels of one panel and batch, from below, each at least a line's height above the one before. */
function spreadLabels<Labelled extends Point>(points: readonly Labelled[]): Labelled[] {
  const [low, high] = domainOf(points);
  const lineHeight = (high / low) ** (LABEL_HEIGHT / HEIGHT);
  const lowest = new Map<string, number>();
  const labelled = points
    .filter(({ labelAt }) => labelAt !== undefined)
    .sort((a, b) => a.throughput - b.throughput);
  const heights = new Map<Labelled, number>();
  for (const point of labelled) {
    const column = JSON.stringify([point.panel, point.batch]);
    const at = Math.max(point.throughput, lowest.get(column) ?? 0);
    heights.set(point, at);
    lowest.set(column, at * lineHeight);
  }
  return points.map((point) => ({ ...point, labelAt: heights.get(point) }));
}

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
  // Lines and bars are labelled directly.
  const legend = null;
  return {
    // By configuration, as dash and marker are; the colour is the engine's.
    colour: {
      field: 'configuration',
      type: 'nominal',
      scale: {
        domain: configurations,
        range: configurations.map((name) => cycled(COLOURS, engines.indexOf(engineOf.get(name) ?? ''))),
      },
      legend,
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

function lines(unspread: readonly Point[], batches: readonly number[], language: Language): TopLevelSpec {
  const words = WORDS[language];
  const points = spreadLabels(onLogAxis(unspread));
  const { colour, dash, marker } = encodings(points);
  const ticks: number[] = [...batches];
  const x = {
    field: 'batch',
    type: 'quantitative',
    scale: { type: 'log', base: 2, nice: false, padding: 12 },
    axis: { title: words.batch, values: ticks, format: 'd', grid: false },
  } as const;
  const y = {
    field: 'throughput',
    type: 'quantitative',
    scale: { type: 'log', domain: domainOf(points), nice: false },
    axis: { title: words.throughput, format: ',~r', tickCount: 6 },
  } as const;
  return {
    ...base(
      points,
      LABEL_CHARACTER_WIDTH * Math.max(...points.map(({ configuration }) => configuration.length)),
    ),
    title: { text: intervalLine(points, language), anchor: 'start', fontSize: 10, fontWeight: 'normal' },
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
          ...cutMark('triangle-down'),
          encoding: { x, y: { ...y, field: 'cutAt' }, color: colour },
        },
        {
          transform: [{ filter: 'isValid(datum.labelAt)' }],
          mark: { type: 'text', align: 'left', dx: 8, fontSize: 10, limit: 0 },
          encoding: { x, y: { ...y, field: 'labelAt' }, text: { field: 'configuration' }, color: colour },
        },
      ],
    },
  };
}

function bars(points: readonly Point[], language: Language): TopLevelSpec {
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
    axis: { title: WORDS[language].throughput, format: ',~r' },
  } as const;
  return {
    ...base(points, 0),
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

/** `labelSpace`: pixels right of each panel for labels. */
function base(points: readonly Point[], labelSpace: number) {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: { left: 5, top: 5, right: 5 + labelSpace, bottom: 5 },
    spacing: 20 + labelSpace,
    config: { font: FONT, view: { stroke: '#ccc' } },
    data: { values: points.map((point) => ({ ...point })) },
  };
}
