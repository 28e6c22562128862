/**
 * A ladder: steps from top to bottom, throughput on a log axis with its interval, and beside each point the gain over the
 * step below it. A panel per setting.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { Language } from '../../kernel/language.ts';
import { presentValue } from '../../kernel/maybe.ts';
import type { Estimate } from '../../stats/estimate.ts';
import type { LadderPanel, LadderSection } from '../ladder.ts';
import { formatRatio } from '../numbers.ts';
import { frame, shortened } from './experiment-points.ts';
import { cutMark, logTicks, onLogAxis } from './log-axis.ts';
import { COLOURS } from './palette.ts';
import { intervalLine, WORDS } from './words.ts';

const WIDTH = 360;
const ROW_HEIGHT = 24;
/** Room right of the fastest point for its gain, as a share of the axis. */
const LABEL_SHARE = 0.42;
const LONGEST_REASON = 48;

/** The specification; undefined where nothing was measured. */
export function ladderFigure(section: LadderSection, language: Language): TopLevelSpec | undefined {
  const words = WORDS[language];
  const panels = section.panels.filter(({ rungs }) => rungs.some(isMeasured));
  if (panels.length === 0) return undefined;
  const drawn = panels.flatMap(({ rungs }) => onLogAxis(rungs.flatMap(drawnRung)));
  const order = section.steps.map(({ name }, index) => `${index + 1}. ${name}`);
  const y = {
    field: 'step',
    type: 'nominal',
    sort: order,
    scale: { domain: order },
    axis: { title: null, labelLimit: 0, ticks: false, domain: false, grid: true, gridColor: '#eee' },
  } as const;
  const spec = {
    ...frame(section.title, [`${section.engine}; ${intervalLine(drawn, language)}; ${words.gain}`], 0),
    columns: 2,
    concat: panels.map((panel) => panelSpec(panel, section, { y, language })),
  };
  return spec as unknown as TopLevelSpec;
}

const isMeasured = ({ throughput }: LadderPanel['rungs'][number]): boolean => throughput.kind === 'value';

function panelSpec(
  panel: LadderPanel,
  { steps }: LadderSection,
  { y, language }: { readonly y: object; readonly language: Language },
) {
  const words = WORDS[language];
  const drawn = onLogAxis(panel.rungs.flatMap(drawnRung));
  const values = panel.rungs.map(({ step, throughput, gain, notPaired }, index) => {
    const ratio = presentValue(gain);
    return {
      step: `${index + 1}. ${step}`,
      rung: index,
      ...drawn.find(({ rung }) => rung === index),
      ...(throughput.kind === 'missing'
        ? { reason: `× ${words.missing}: ${shortened(throughput.reason[language], LONGEST_REASON)}` }
        : ratio === undefined
          ? {}
          : {
              label: `${gainLabel(ratio, steps, index, language)}${notPaired.includes('gain') ? ` (${words.notPaired})` : ''}`,
              certain: isDecided(ratio),
            }),
    };
  });
  const low = Math.min(...drawn.map((value) => value.low)) / 1.15;
  const high = Math.max(...drawn.map((value) => value.high));
  const domain: readonly [number, number] = [low, low * (high / low) ** (1 / (1 - LABEL_SHARE))];
  const x = {
    field: 'throughput',
    type: 'quantitative',
    scale: { type: 'log', domain, nice: false },
    axis: { title: words.throughput, format: ',~r', values: logTicks(...domain), grid: false },
  } as const;
  const colour = { value: COLOURS[0] };
  return {
    title: { text: panel.name[language], fontSize: 12, anchor: 'start' },
    width: WIDTH,
    height: { step: ROW_HEIGHT },
    data: { values: values.map((value) => ({ ...value, at: low })) },
    layer: [
      {
        transform: [{ filter: 'isValid(datum.throughput)' }],
        mark: { type: 'line', strokeWidth: 1, color: '#999' },
        encoding: { x, y, order: { field: 'rung', type: 'quantitative' } },
      },
      {
        transform: [{ filter: 'isValid(datum.throughput)' }],
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color: colour },
      },
      {
        transform: [{ filter: 'isValid(datum.throughput)' }],
        mark: { type: 'point', filled: true, size: 50, opacity: 1 },
        encoding: { x, y, color: colour },
      },
      {
        ...cutMark('triangle-left'),
        encoding: { x: { ...x, field: 'cutAt' }, y, color: colour },
      },
      {
        transform: [{ filter: 'isValid(datum.label)' }],
        mark: { type: 'text', align: 'left', dx: 8, fontSize: 10, limit: 0 },
        encoding: {
          x: { ...x, field: 'high' },
          y,
          text: { field: 'label' },
          color: { condition: { test: 'datum.certain', value: 'black' }, value: '#888' },
        },
      },
      {
        transform: [{ filter: 'isValid(datum.reason)' }],
        mark: { type: 'text', align: 'left', dx: 4, fontSize: 9, color: '#555', limit: 0 },
        encoding: { x: { ...x, field: 'at' }, y, text: { field: 'reason' } },
      },
    ],
  };
}

/** A step that was measured; without an interval its ends are its mean. */
function drawnRung({ throughput }: LadderPanel['rungs'][number], rung: number) {
  const estimate = presentValue(throughput);
  if (estimate === undefined) return [];
  const { mean } = estimate;
  const bounds = presentValue(estimate.interval);
  return [{ rung, throughput: mean, low: bounds?.low ?? mean, high: bounds?.high ?? mean }];
}

/** Whether the interval leaves out that nothing is gained or lost. */
const isDecided = ({ interval }: Estimate): boolean => {
  const bounds = presentValue(interval);
  return bounds !== undefined && (bounds.low > 1 || bounds.high < 1);
};

/** The gain, and over what where that is not the step before. */
function gainLabel(gain: Estimate, steps: LadderSection['steps'], index: number, language: Language): string {
  const from = steps[index]?.from ?? null;
  const number = steps.findIndex(({ name }) => name === from) + 1;
  const ratio = formatRatio(gain)[language];
  return number === index || number === 0 ? ratio : `${ratio} (${number}.)`;
}
