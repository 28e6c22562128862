/** Declared so that reports say why they are absent, rather than leave a reader to guess. */
import { missing } from '../kernel/maybe.ts';
import type { Metric } from './metric.ts';
import { OWN_SOURCE } from './shown.ts';

const common = { source: OWN_SOURCE, better: 'lower', main: false, level: 'launch' } as const;

/** Joules per new token. */
export const energyPerToken: Metric = {
  ...common,
  id: 'energy-per-token',
  title: 'Energy per token',
  definition: 'Energy of the package over the timed regions, per new token.',
  formula: 'energy / sum(new tokens)',
  storedUnit: 'J/token',
  shown: { unit: 'J/token', scale: 1, digits: 2 },
  undefinedWhen: 'no energy meter can be read',
  compute: () => missing('not measurable here: no energy meter is read'),
};

/** Money per million new tokens. */
export const costPerMillionTokens: Metric = {
  ...common,
  id: 'cost-per-million-tokens',
  title: 'Cost per million tokens',
  definition: 'Price of the machine per hour over throughput.',
  formula: 'price per second / throughput * 1e6',
  storedUnit: 'currency/1e6 tokens',
  shown: { unit: 'per 1e6 tokens', scale: 1, digits: 2 },
  undefinedWhen: 'the study gives no price',
  compute: () => missing('not measurable here: the study gives no price'),
};
