/**
 * Bars by device and engine, or by precision and engine, a panel per model. Each bar has its label on the axis; a missing
 * one has its reason in its place.
 */
import type { TopLevelSpec } from 'vega-lite';
import { type Language, sayIn } from '../../kernel/language.ts';
import { presentValue } from '../../kernel/maybe.ts';
import { PRECISION_NAMES } from '../../models/precision.ts';
import type { ExperimentSection } from '../experiments.ts';
import {
  drawnPoints,
  type EngineStyle,
  frame,
  missingLines,
  modelPanels,
  reasonOf,
  seriesScales,
  shortened,
} from './experiment-points.ts';
import { WORDS } from './words.ts';

const WIDTH = 380;
const BAR_HEIGHT = 20;
const LONGEST_REASON = 64;

/** The specification; undefined without cells. */
export function experimentBars(
  section: ExperimentSection,
  styles: ReadonlyMap<string, EngineStyle>,
  language: Language,
): TopLevelSpec | undefined {
  const shown = withoutEmptySeries(section);
  if (shown.cells.length === 0) return undefined;
  const words = WORDS[language];
  const unseen = section.cells.filter((cell) => !shown.cells.includes(cell));
  const bars = drawnPoints(shown.cells).map((point) => ({ ...point, bar: barName(point) }));
  const gaps = shown.cells
    .filter(({ throughput }) => presentValue(throughput) === undefined)
    .map((cell) => ({
      model: cell.model,
      series: cell.series,
      bar: barName(cell),
      reason: `× ${words.missing}: ${shortened(reasonOf(cell, language), LONGEST_REASON)}`,
    }));
  const order = [...new Set(sorted(shown).map(barName))];
  const { colour } = seriesScales(section, styles);
  const y = {
    field: 'bar',
    type: 'nominal',
    sort: order,
    axis: { title: null, labelLimit: 0, ticks: false },
  } as const;
  const x = {
    field: 'throughput',
    type: 'quantitative',
    scale: { zero: true },
    axis: { title: words.throughput, format: ',~r' },
  } as const;
  const spec = {
    ...frame(
      section.title,
      [words.interval, ...(section.notes ?? []).map(sayIn(language)), ...missingLines(unseen, language)],
      0,
    ),
    data: { values: [...bars, ...gaps] },
    ...modelPanels(shown),
    spec: {
      width: WIDTH,
      height: { step: BAR_HEIGHT },
      layer: [
        {
          transform: [{ filter: 'isValid(datum.high)' }],
          mark: { type: 'bar', height: 11 },
          encoding: { x, y, color: colour },
        },
        {
          transform: [{ filter: 'isValid(datum.high)' }],
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
        },
        {
          transform: [{ filter: 'isValid(datum.reason)' }],
          mark: { type: 'text', align: 'left', dx: 3, fontSize: 8, color: '#555', limit: 0 },
          // At the left edge in pixels: a panel without a value has no 0 there.
          encoding: { x: { value: 0 }, y, text: { field: 'reason' } },
        },
      ],
    },
    resolve: { scale: { x: 'independent' } },
  };
  return spec as unknown as TopLevelSpec;
}

const barName = ({
  position,
  series,
}: {
  readonly position: string | number;
  readonly series: string;
}): string => `${position} · ${series}`;

/**
 * Of a figure by precision, series that no precision was measured of are named under the title instead: a device that
 * is not there would double every panel.
 */
function withoutEmptySeries(section: ExperimentSection): ExperimentSection {
  if (section.figure !== 'precision') return section;
  const measured = new Set(drawnPoints(section.cells).map(({ series }) => series));
  if (measured.size === 0) return section;
  return { ...section, cells: section.cells.filter(({ series }) => measured.has(series)) };
}

const PRECISION_ORDER: readonly string[] = PRECISION_NAMES;

/** From the widest numbers to the narrowest; what is no precision stays where it is. */
const precisionRank = (position: string | number): number => PRECISION_ORDER.indexOf(String(position));

/** By position, then by series, both in the order of the study. */
function sorted({ cells }: ExperimentSection) {
  const positions = [...new Set(cells.map(({ position }) => position))].sort(
    (a, b) => precisionRank(a) - precisionRank(b),
  );
  const series = [...new Set(cells.map((cell) => cell.series))];
  return [...cells].sort(
    (a, b) =>
      positions.indexOf(a.position) - positions.indexOf(b.position) ||
      series.indexOf(a.series) - series.indexOf(b.series),
  );
}
