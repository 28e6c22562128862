/** Options of the commands that compare. */
import { METRICS } from '../../metrics/registry.ts';
import { choice, type OptionDeclaration } from '../options.ts';

export const metricOption = choice(
  'ID',
  { en: 'what to compare', ja: '何を比べるか' },
  METRICS.map(({ id }) => id),
  'throughput',
);

/** `2%` or `0.02`: a share above 0 and below 1. */
export const marginOption: OptionDeclaration<number> = {
  placeholder: 'SHARE',
  summary: { en: 'differences within it count as none', ja: 'これ以下の差はないものとみなす' },
  allowed: {
    en: 'a share such as 2% or 0.02, above 0 and below 100%',
    ja: '2% や 0.02 のような割合。0 より大きく 100% 未満',
  },
  choices: [],
  defaultValue: 0.02,
  parse: (text) => {
    const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
    const share = Number(match?.[1]) / (match?.[2] === '%' ? 100 : 1);
    return share > 0 && share < 1 ? share : undefined;
  },
};
