/** Declared so that reports say why it is absent, rather than leave a reader to guess. */
import { missing } from '../kernel/maybe.ts';
import type { Metric } from './metric.ts';
import { OWN_SOURCE } from './shown.ts';

/** Joules per new token. */
export const energyPerToken: Metric = {
  id: 'energy-per-token',
  title: { en: 'Energy per token', ja: 'トークンあたりの電力量' },
  definition: {
    en: 'Energy of the package over the timed regions, per new token.',
    ja: '計時区間にパッケージが使った電力量、新しいトークンあたり。',
  },
  formula: 'energy / sum(new tokens)',
  source: OWN_SOURCE,
  storedUnit: 'J/token',
  shown: { unit: 'J/token', scale: 1, digits: 2 },
  better: 'lower',
  undefinedWhen: 'no energy meter can be read',
  main: false,
  level: 'launch',
  poolsRepeats: false,
  compute: () =>
    missing({
      en: 'not measurable here: no energy meter is read',
      ja: 'ここでは測れません: 電力計を読んでいません',
    }),
};
