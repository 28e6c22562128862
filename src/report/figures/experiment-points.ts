/** What both kinds of experiment figures draw: points with intervals, and crosses with reasons where there is no value. */

import stringWidth from 'string-width';
import { type Language, same } from '../../kernel/language.ts';
import { missing, presentValue } from '../../kernel/maybe.ts';
import type { ExperimentCell, ExperimentSection } from '../experiments.ts';
import type { Report } from '../model.ts';
import { COLOURS, cycled, DASHES, FONT, MARKERS } from './palette.ts';
import { WORDS } from './words.ts';

export interface DrawnPoint {
  readonly model: string;
  readonly engine: string;
  readonly series: string;
  readonly position: string | number;
  readonly throughput: number;
  readonly low: number;
  readonly high: number;
}

/** Measured cells; an interval that does not exist has no length. */
export const drawnPoints = (cells: readonly ExperimentCell[]): DrawnPoint[] =>
  cells.flatMap(({ model, engine, series, position, throughput }) => {
    const estimate = presentValue(throughput);
    if (estimate === undefined) return [];
    const interval = presentValue(estimate.interval ?? missing(same('')));
    const { mean } = estimate;
    return [
      {
        model,
        engine,
        series,
        position,
        throughput: mean,
        low: interval?.low ?? mean,
        high: interval?.high ?? mean,
      },
    ];
  });

/** The reason of a cell without a value. */
export const reasonOf = ({ throughput }: ExperimentCell, language: Language): string =>
  throughput.kind === 'missing' ? throughput.reason[language] : '';

/** `Hayasa has no adapter ...: BT, vLLM (14)`: missing cells by reason, with the series that have it, in lines of their own. */
export function missingLines(cells: readonly ExperimentCell[], language: Language): string[] {
  const groups = new Map<string, string[]>();
  for (const cell of cells) {
    const reason = shortened(reasonOf(cell, language));
    if (reason !== '') groups.set(reason, [...(groups.get(reason) ?? []), cell.series]);
  }
  return [...groups].flatMap(([reason, series]) => {
    const count = series.length > 1 ? ` (${series.length})` : '';
    const line = `× ${WORDS[language].missing}: ${reason}: ${[...new Set(series)].join(', ')}${count}`;
    return broken(line, LONGEST_LINE);
  });
}

/** Characters of a line under the title: two panels wide. */
const LONGEST_LINE = 150;

/** Lines of at most `longest` columns, broken between words; Japanese has none, and is broken after its marks. */
function broken(text: string, longest: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(/(?<=[ 、。）])/)) {
    if (line !== '' && stringWidth(`${line}${piece.trimEnd()}`) > longest) {
      lines.push(line.trimEnd());
      line = `   ${piece}`;
    } else line += piece;
  }
  return [...lines, line.trimEnd()];
}

const LONGEST_REASON = 110;

export const shortened = (text: string, longest: number = LONGEST_REASON): string =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text;

export interface EngineStyle {
  readonly colour: string;
  readonly marker: string;
  readonly dash: readonly number[];
}

/** One style per engine of the whole report, the same in all of its figures. */
export function engineStyles(report: Pick<Report, 'experiments'>): ReadonlyMap<string, EngineStyle> {
  const engines = [
    ...new Set((report.experiments ?? []).flatMap(({ cells }) => cells.map(({ engine }) => engine))),
  ];
  return new Map(
    engines.map((engine, index) => {
      // Where markers come again, dashes and colours are others.
      const dash = index + Math.floor(index / MARKERS.length);
      return [
        engine,
        { colour: cycled(COLOURS, index), marker: cycled(MARKERS, index), dash: cycled(DASHES, dash) },
      ];
    }),
  );
}

/** Scales of colour, marker and dash by series; each has its engine's style. */
export function seriesScales(
  section: ExperimentSection,
  styles: ReadonlyMap<string, EngineStyle>,
): {
  readonly colour: object;
  readonly marker: object;
  readonly dash: object;
} {
  const engines = new Map(section.cells.map(({ series, engine }) => [series, engine]));
  const domain = [...engines.keys()];
  const style = (series: string): EngineStyle | undefined => styles.get(engines.get(series) ?? '');
  const scale = (range: readonly unknown[]) => ({
    field: 'series',
    type: 'nominal',
    scale: { domain, range },
    legend: null,
  });
  return {
    colour: scale(domain.map((series) => style(series)?.colour)),
    marker: scale(domain.map((series) => style(series)?.marker)),
    dash: scale(domain.map((series) => [...(style(series)?.dash ?? [1, 0])])),
  };
}

/** What every specification has: `labelSpace` pixels are kept right of each panel. */
export const frame = (title: string, subtitle: readonly string[], labelSpace: number) => ({
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: 'white',
  padding: { left: 5, top: 5, right: 5 + labelSpace, bottom: 5 },
  // Labels need room beside panels, not below them.
  spacing: labelSpace === 0 ? 20 : { row: 20, column: 20 + labelSpace },
  title: { text: title, subtitle: [...subtitle], anchor: 'start' as const, subtitleFontSize: 10, limit: 0 },
  config: { font: FONT, view: { stroke: '#ccc' } },
});

/** A panel per model, two beside each other, in the order of the study. */
export const modelPanels = ({ cells }: ExperimentSection) =>
  ({
    columns: 2,
    facet: {
      field: 'model',
      type: 'nominal',
      sort: [...new Set(cells.map(({ model }) => model))],
      header: { title: null, labelFontSize: 12, labelFontWeight: 'bold', labelLimit: 0 },
    },
  }) as const;
