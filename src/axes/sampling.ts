/** The axes of sampling. Temperature 0 is greedy, and then the others have no effect: a greedy cell carries none of them. */

import { z } from 'zod';
import { same } from '../kernel/language.ts';
import type { Axis } from './axis.ts';
import type { Cell } from './cell.ts';
import { wholeNumberAxis } from './number-axis.ts';

/** By what logits are divided before a token is drawn. */
export const temperatureAxis: Axis<number> = {
  key: 'temperature',
  field: 'temperature',
  title: 'temperature',
  unit: '',
  description:
    'Sampling: logits are divided by it before a token is drawn; 0 takes the most likely token (greedy). At 0 `topK`, `topP` and `samplingSeed` have no effect.',
  value: z.number().min(0).max(100),
  allowed: { en: 'numbers from 0 to 100, lists of these', ja: '0 から 100 までの数、そのリスト' },
  default: 0,
  label: (value) => same(value === 0 ? 'greedy' : `temperature ${value}`),
};

/** How many of the most likely tokens may be drawn. */
export const topKAxis = wholeNumberAxis({
  key: 'topK',
  field: 'topK',
  title: 'top-k',
  unit: 'tokens',
  description: 'Sampling: only so many of the most likely tokens may be drawn; 0 = all.',
  minimum: 0,
  maximum: 1_048_576,
  default: 0,
  label: (value) => same(`top-k ${value}`),
});

/** Up to which probability the most likely tokens may be drawn. */
export const topPAxis: Axis<number> = {
  key: 'topP',
  field: 'topP',
  title: 'top-p',
  unit: '',
  description:
    'Sampling: only the fewest of the most likely tokens whose probabilities reach it may be drawn (after `topK`); 1 = all.',
  value: z.number().gt(0).max(1),
  allowed: { en: 'numbers above 0 up to 1, lists of these', ja: '0 より大きく 1 以下の数、そのリスト' },
  default: 1,
  label: (value) => same(`top-p ${value}`),
};

/** Seed of the draws. */
export const samplingSeedAxis = wholeNumberAxis({
  key: 'samplingSeed',
  field: 'samplingSeed',
  title: 'sampling seed',
  unit: '',
  description:
    'Sampling: seed of the draws; each sequence has a stream of its own, the same in every batch, repeat and engine.',
  minimum: 0,
  maximum: 2_147_483_647,
  default: 0,
  label: (value) => ({ en: `seed ${value}`, ja: `シード ${value}` }),
});

/** How a cell draws its tokens: `greedy`, or `temperature 0.8, top-k 40, top-p 0.95, seed 0`; what has no effect is left out. */
export function samplingText({ temperature, topK = 0, topP = 1, samplingSeed = 0 }: Cell): string {
  if (temperature === undefined) return 'greedy';
  return [
    `temperature ${temperature}`,
    ...(topK === 0 ? [] : [`top-k ${topK}`]),
    ...(topP === 1 ? [] : [`top-p ${topP}`]),
    `seed ${samplingSeed}`,
  ].join(', ');
}
