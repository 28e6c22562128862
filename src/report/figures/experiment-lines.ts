/**
 * A line per engine over input length or batch size, a panel per model, both axes logarithmic. Engines are told apart by
 * colour, marker and dash, and by the label at the end of each line; labels are pushed apart where lines end close together.
 * A missing cell is a cross at the bottom, in the column where its value would stand; reasons stand under the title.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { Language } from '../../kernel/language.ts';
import type { ExperimentSection } from '../experiments.ts';
import {
  type DrawnPoint,
  drawnPoints,
  type EngineStyle,
  frame,
  missingLines,
  modelPanels,
  seriesScales,
} from './experiment-points.ts';
import { cutMark, logTicks, onLogAxis } from './log-axis.ts';
import { intervalLine, WORDS } from './words.ts';

const WIDTH = 380;
const HEIGHT = 300;
const LABEL_HEIGHT = 13;
const LABEL_CHARACTER_WIDTH = 6;
const LABEL = { type: 'text', align: 'left', dx: 8, fontSize: 10, limit: 0 } as const;

/** The specification; undefined where nothing was measured. */
export function experimentLines(
  section: ExperimentSection,
  styles: ReadonlyMap<string, EngineStyle>,
  language: Language,
): TopLevelSpec | undefined {
  const points = onLogAxis(drawnPoints(section.cells));
  if (points.length === 0) return undefined;
  const words = WORDS[language];
  const missed = crossesOf(section, points);
  const high = Math.max(...points.map((point) => point.high)) * 1.1;
  const low = bottomOf(Math.min(...points.map((point) => point.low)), high, missed);
  const ends = lineEnds(points, (high / low) ** (LABEL_HEIGHT / HEIGHT));
  const crosses = missed.map(({ rank, ...cross }) => ({
    ...cross,
    crossAt: low * (high / low) ** (crossShare(missed) * ((rank + 1) / stackOf(missed))),
  }));
  const { colour, marker, dash } = seriesScales(section, styles);
  const x = {
    field: 'position',
    type: 'quantitative',
    scale: { type: 'log', base: 2, nice: false, padding: 12 },
    axis: {
      title: section.figure === 'batch' ? words.batch : words.inputLength,
      values: positions(section),
      format: 'd',
      grid: false,
    },
  } as const;
  const y = {
    field: 'throughput',
    type: 'quantitative',
    scale: { type: 'log', domain: [low, high], nice: false },
    axis: { title: words.throughput, format: ',~r', values: logTicks(low, high) },
  } as const;
  const longest = Math.max(...points.map(({ series }) => series.length));
  const spec = {
    ...frame(
      section.title,
      [intervalLine(points, language), ...missingLines(section.cells, language)],
      LABEL_CHARACTER_WIDTH * longest,
    ),
    data: { values: [...points, ...ends, ...crosses].map((value) => ({ ...value })) },
    ...modelPanels(section),
    spec: {
      width: WIDTH,
      height: HEIGHT,
      layer: [
        {
          transform: [{ filter: 'isValid(datum.high)' }],
          mark: { type: 'line', strokeWidth: 1.5 },
          encoding: { x, y, color: colour, strokeDash: dash },
        },
        {
          transform: [{ filter: 'isValid(datum.high)' }],
          mark: { type: 'rule', strokeWidth: 1 },
          encoding: {
            x,
            y: { ...y, field: 'low' },
            y2: { field: 'high' },
            color: colour,
            detail: { field: 'series' },
          },
        },
        {
          transform: [{ filter: 'isValid(datum.high)' }],
          mark: { type: 'point', filled: true, size: 60, opacity: 1 },
          encoding: { x, y, color: colour, shape: marker },
        },
        {
          ...cutMark('triangle-down'),
          encoding: { x, y: { ...y, field: 'cutAt' }, color: colour },
        },
        // A white edge, so that a label stays readable where other lines go on beneath it.
        {
          transform: [{ filter: 'isValid(datum.labelAt)' }],
          mark: { ...LABEL, stroke: 'white', strokeWidth: 4, strokeJoin: 'round' },
          encoding: { x, y: { ...y, field: 'labelAt' }, text: { field: 'series' } },
        },
        {
          transform: [{ filter: 'isValid(datum.labelAt)' }],
          mark: LABEL,
          encoding: { x, y: { ...y, field: 'labelAt' }, text: { field: 'series' }, color: colour },
        },
        {
          transform: [{ filter: 'isValid(datum.crossAt)' }],
          mark: { type: 'text', text: '×', fontSize: 11 },
          encoding: { x, y: { ...y, field: 'crossAt' }, color: colour },
        },
      ],
    },
  };
  return spec as unknown as TopLevelSpec;
}

const positions = ({ cells }: ExperimentSection): number[] =>
  [...new Set(cells.map(({ position }) => Number(position)))].sort((a, b) => a - b);

interface LineEnd {
  readonly model: string;
  readonly series: string;
  readonly position: number;
  readonly labelAt: number;
}

/** The last point of each line with the height of its label: at least `lineHeight` above the label below it. */
function lineEnds(points: readonly DrawnPoint[], lineHeight: number): LineEnd[] {
  const last = new Map<string, DrawnPoint>();
  for (const point of points) {
    const key = JSON.stringify([point.model, point.series]);
    const known = last.get(key);
    if (known === undefined || Number(known.position) < Number(point.position)) last.set(key, point);
  }
  const lowest = new Map<string, number>();
  return [...last.values()]
    .sort((a, b) => a.throughput - b.throughput)
    .map(({ model, series, position, throughput }) => {
      const column = JSON.stringify([model, position]);
      const labelAt = Math.max(throughput, lowest.get(column) ?? 0);
      lowest.set(column, labelAt * lineHeight);
      return { model, series, position: Number(position), labelAt };
    });
}

/** A missing cell of a line. */
export interface Cross {
  readonly model: string;
  readonly series: string;
  readonly position: number;
  /** From the bottom of its column, 0 and up. */
  readonly rank: number;
}

/** Missing cells of lines that have a point in the panel; other lines are named under the title alone. */
function crossesOf({ cells }: ExperimentSection, points: readonly DrawnPoint[]): Cross[] {
  const drawn = new Set(points.map(({ model, series }) => JSON.stringify([model, series])));
  const stacked = new Map<string, number>();
  return cells.flatMap(({ model, series, position, throughput }) => {
    if (throughput.kind === 'value' || !drawn.has(JSON.stringify([model, series]))) return [];
    const column = JSON.stringify([model, position]);
    const rank = stacked.get(column) ?? 0;
    stacked.set(column, rank + 1);
    return [{ model, series, position: Number(position), rank }];
  });
}

/** Crosses in the fullest column, and one for the space above. */
const stackOf = (crosses: readonly Cross[]): number => Math.max(0, ...crosses.map(({ rank }) => rank + 2));

/** Of the panel's height, what the crosses have for themselves. */
const crossShare = (crosses: readonly Cross[]): number => Math.min(0.4, 0.028 * stackOf(crosses));

/** Where the axis begins: crosses stand below everything that is drawn, `lowest` and up. */
export function bottomOf(lowest: number, high: number, crosses: readonly Cross[]): number {
  const share = crossShare(crosses);
  return Math.min(lowest / 1.4, (lowest / high ** share) ** (1 / (1 - share)));
}
