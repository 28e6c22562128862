/**
 * The engines of the 2023 study by technique: a mark where an engine uses it, and over each technique what the ladders of
 * the report measured for it.
 */
import stringWidth from 'string-width';
import type { TopLevelSpec } from 'vega-lite';
import { TECHNIQUES } from '../../engines/techniques.ts';
import { ENGINE_TECHNIQUES } from '../../engines/techniques-of-engines.ts';
import type { Language } from '../../kernel/language.ts';
import { presentValues } from '../../kernel/maybe.ts';
import type { LadderSection } from '../ladder.ts';
import { formatNumber } from '../numbers.ts';
import { frame } from './experiment-points.ts';
import { COLOURS } from './palette.ts';
import { WORDS } from './words.ts';

const COLUMN_WIDTH = 92;
const ROW_HEIGHT = 30;
const LINE_HEIGHT = 12;
/** Characters that fit a column. */
const LINE_LENGTH = 14;

/** The title of each technique on two lines, both ending at the figure's top. */
const headers = (titles: readonly string[]): Readonly<Record<string, readonly [string, string]>> =>
  Object.fromEntries(
    titles.map((title) => {
      if (stringWidth(title) <= LINE_LENGTH) return [title, ['', title]];
      const at = title.lastIndexOf(' ', LINE_LENGTH);
      return [title, [title.slice(0, at), title.slice(at + 1)]];
    }),
  );

/** The specification; undefined without a ladder. */
export function techniquesFigure(
  sections: readonly LadderSection[],
  language: Language,
): TopLevelSpec | undefined {
  if (sections.length === 0) return undefined;
  const words = WORDS[language];
  const techniques = TECHNIQUES.map(({ id, title }) => ({ id, title: title[language] }));
  const gains = techniques.map(({ id, title }) => ({ technique: title, gain: gainsOf(id, sections) }));
  const uses = ENGINE_TECHNIQUES.flatMap(({ engine, uses: own }) =>
    techniques.map(({ id, title }) => ({ engine, technique: title, use: words.uses[own[id]] })),
  );
  const engines = [words.gainRow, ...ENGINE_TECHNIQUES.map(({ engine }) => engine)];
  const x = {
    field: 'technique',
    type: 'nominal',
    sort: null,
    axis: {
      title: null,
      orient: 'top',
      labelAngle: 0,
      labelLimit: 0,
      ticks: false,
      domain: false,
      labelExpr: `${JSON.stringify(headers(techniques.map(({ title }) => title)))}[datum.label]`,
      labelLineHeight: LINE_HEIGHT,
      labelPadding: LINE_HEIGHT + 4,
    },
  } as const;
  const y = {
    field: 'engine',
    type: 'nominal',
    sort: engines,
    scale: { domain: engines },
    axis: { title: null, labelLimit: 0, ticks: false, domain: false, grid: true, gridColor: '#eee' },
  } as const;
  const states = [words.uses.used, words.uses.optional, words.uses.partly, words.uses.unused];
  const spec = {
    ...frame(words.techniquesTitle, [words.techniquesReading], 0),
    width: { step: COLUMN_WIDTH },
    height: { step: ROW_HEIGHT },
    layer: [
      {
        data: { values: uses },
        mark: { type: 'point', size: 130, strokeWidth: 2, opacity: 1 },
        encoding: {
          x,
          y,
          shape: {
            field: 'use',
            type: 'nominal',
            scale: { domain: states, range: ['circle', 'circle', 'diamond', 'stroke'] },
            legend: {
              title: null,
              orient: 'bottom',
              symbolStrokeColor: COLOURS[0],
              symbolFillColor: 'white',
            },
          },
          fill: {
            field: 'use',
            type: 'nominal',
            scale: { domain: states, range: [COLOURS[0], 'white', '#9cc6e0', 'white'] },
            legend: { title: null, orient: 'bottom' },
          },
          stroke: {
            field: 'use',
            type: 'nominal',
            scale: { domain: states, range: [COLOURS[0], COLOURS[0], COLOURS[0], '#bbb'] },
            legend: { title: null, orient: 'bottom' },
          },
        },
      },
      {
        data: { values: gains.map(({ technique, gain }) => ({ technique, gain, engine: words.gainRow })) },
        mark: { type: 'text', fontSize: 10, limit: 0 },
        encoding: { x, y, text: { field: 'gain' } },
      },
    ],
  };
  return spec as unknown as TopLevelSpec;
}

/** Smallest to largest gain of the steps with this technique over all settings; a dash where none was measured. */
function gainsOf(technique: string, sections: readonly LadderSection[]): string {
  const gains = sections.flatMap(({ steps, panels }) =>
    steps.flatMap((step, index) =>
      step.technique === technique
        ? presentValues(panels.flatMap(({ rungs }) => rungs[index]?.gain ?? [])).map(({ mean }) => mean)
        : [],
    ),
  );
  if (gains.length === 0) return '–';
  const text = (value: number): string => `${formatNumber(value, value >= 10 ? 1 : 2)}x`;
  const [least, most] = [text(Math.min(...gains)), text(Math.max(...gains))];
  return least === most ? least : `${least} – ${most}`;
}
