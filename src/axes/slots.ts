import { z } from 'zod';
import type { Axis } from './axis.ts';
import { wholeNumber } from './whole-number.ts';

/** Sequences that continuous batching computes at a time. */
export const slotsAxis: Axis = {
  key: 'slots',
  field: 'slots',
  title: 'slots',
  unit: 'slots',
  description:
    'Sequences that continuous batching computes at a time; `batch` is one for each request. Static batching always has one slot per sequence.',
  value: z.union([wholeNumber(1, 65_536), z.literal('batch')]),
  allowed: {
    en: 'whole numbers from 1 to 65536, `batch`, ranges such as 1..4 or 2^0..2^6, lists of these',
    ja: '1 から 65536 までの整数、`batch`、1..4 や 2^0..2^6 のような範囲、それらのリスト',
  },
  default: 'batch',
  label: (value) => ({ en: `${value} slots`, ja: `スロット ${value}` }),
};
