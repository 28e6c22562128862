/** KV-cache memory by allocation: what is reserved on average over the steps, and the part of it that is used. */
import type { TopLevelSpec } from 'vega-lite';
import type { Language } from '../../kernel/language.ts';
import { presentValue } from '../../kernel/maybe.ts';
import type { LadderSection } from '../ladder.ts';
import { formatShare } from '../numbers.ts';
import { frame } from './experiment-points.ts';
import { COLOURS } from './palette.ts';
import { WORDS } from './words.ts';

const WIDTH = 360;
const BAR_HEIGHT = 26;

/** The specification; undefined where nothing was counted. */
export function kvMemoryFigure(section: LadderSection, language: Language): TopLevelSpec | undefined {
  const words = WORDS[language];
  const panels = section.panels.flatMap(({ name, kvMemory }) => {
    const memory = presentValue(kvMemory);
    if (memory === undefined) return [];
    const mebibytes = (positions: number): number => (positions * memory.bytesPerPosition) / 2 ** 20;
    const values = memory.allocations.map(({ kind, meanReserved, meanUsed, usedShare }) => ({
      kind: kind === 'paged' ? words.paged : kind,
      reserved: mebibytes(meanReserved),
      used: mebibytes(meanUsed),
      label: `${formatShare(usedShare, 0)} ${words.used}`,
    }));
    return [{ name: name[language], values }];
  });
  if (panels.length === 0) return undefined;
  const y = {
    field: 'kind',
    type: 'nominal',
    sort: null,
    axis: { title: null, labelLimit: 0, ticks: false },
  } as const;
  const spec = {
    ...frame(words.kvTitle, [words.kvReading], 0),
    columns: 2,
    concat: panels.map(({ name, values }) => {
      const most = Math.max(...values.map(({ reserved }) => reserved));
      const x = {
        field: 'reserved',
        type: 'quantitative',
        scale: { domain: [0, most * 1.35], nice: false },
        axis: { title: words.kvAxis, format: ',~r', tickCount: 5, grid: false },
      } as const;
      return {
        title: { text: name, fontSize: 12, anchor: 'start' },
        width: WIDTH,
        height: { step: BAR_HEIGHT },
        data: { values },
        layer: [
          { mark: { type: 'bar', height: 16, color: '#ddd', stroke: '#999' }, encoding: { x, y } },
          {
            mark: { type: 'bar', height: 16, color: COLOURS[0] },
            encoding: { x: { ...x, field: 'used' }, y },
          },
          {
            mark: { type: 'text', align: 'left', dx: 5, fontSize: 10, limit: 0 },
            encoding: { x, y, text: { field: 'label' } },
          },
        ],
      };
    }),
  };
  return spec as unknown as TopLevelSpec;
}
