/** The machine while a cell was measured, as metrics: one for each figure of the noise gauge. */

import { NOISE_FIELDS, NOISE_FIGURES, type NoiseField, type NoiseFigure } from '../journal/noise-figures.ts';
import type { Noise } from '../journal/record-parts.ts';
import type { Words } from '../kernel/language.ts';
import { missing, present } from '../kernel/maybe.ts';
import type { Metric } from './metric.ts';
import { PERCENT } from './shown.ts';

const UNITS = {
  share: { ...PERCENT, better: 'lower' },
  count: { storedUnit: 'count', shown: { unit: '', scale: 1, digits: 1 }, better: 'lower' },
  frequency: { storedUnit: 'Hz', shown: { unit: 'GHz', scale: 1e-9, digits: 2 }, better: 'higher' },
} as const satisfies Record<NoiseFigure['quantity'], Pick<Metric, 'storedUnit' | 'shown' | 'better'>>;

const FORMULAS: Readonly<Record<NoiseFigure['quantity'], string>> = {
  share: 'seconds at the end of the repeat - seconds at its start, over its length',
  count: 'count at the end of the repeat - count at its start',
  frequency: 'as read',
};

/** In the order of the figures. */
export const NOISE_METRICS: readonly Metric[] = NOISE_FIELDS.map(metricOf);

function metricOf(field: NoiseField): Metric {
  const { id, title, definition, source, undefinedWhen, quantity }: NoiseFigure = NOISE_FIGURES[field];
  const notRead = missing(undefinedWhen);
  return {
    id,
    title,
    definition,
    formula: FORMULAS[quantity],
    source,
    ...UNITS[quantity],
    undefinedWhen: `${undefinedWhen.en}; journals of version 1 do not hold it`,
    main: false,
    level: 'repeat',
    compute: ({ noise }) => {
      if (noise === undefined)
        return missing({
          en: 'the journal is of version 1, which gauged groups of repeats',
          ja: 'ジャーナルがバージョン 1 で、反復をまとめて計測したものです',
        });
      const value = noise[field];
      return value === undefined ? notRead : present(value);
    },
  };
}

export interface NoiseText {
  readonly title: Words;
  /** In the shown unit. */
  readonly text: string;
}

/** The figures that were read, for people. */
export const noiseTexts = (noise: Noise): NoiseText[] =>
  NOISE_FIELDS.flatMap((field) => {
    const value = noise[field];
    const { title, quantity } = NOISE_FIGURES[field];
    const { unit, scale, digits } = UNITS[quantity].shown;
    return value === undefined
      ? []
      : [{ title, text: `${(value * scale).toFixed(digits)} ${unit}`.trimEnd() }];
  });
