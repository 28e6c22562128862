import { z } from 'zod';
import type { Axis } from './axis.ts';
import { wholeNumber } from './whole-number.ts';

/** Compute threads of the engine. */
export const threadsAxis: Axis = {
  key: 'threads',
  field: 'threads',
  title: 'threads',
  unit: 'threads',
  description: 'Compute threads of the engine; `all` is one for each logical CPU of the machine.',
  value: z.union([wholeNumber(1, 4096), z.literal('all')]),
  allowed: {
    en: 'whole numbers from 1 to 4096, `all`, ranges such as 1..4 or 2^0..2^3, lists of these',
    ja: '1 から 4096 までの整数、`all`、1..4 や 2^0..2^3 のような範囲、それらのリスト',
  },
  default: 'all',
  label: (value) => ({
    en: value === 1 ? '1 thread' : `${value} threads`,
    ja: `${value} スレッド`,
  }),
};
