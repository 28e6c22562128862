import { z } from 'zod';
import { same } from '../kernel/language.ts';
import type { Axis } from './axis.ts';

/** What computes. */
export const deviceAxis: Axis<string> = {
  key: 'device',
  field: 'device',
  title: 'device',
  unit: '',
  description: 'What computes: `cpu`, or an accelerator such as `cuda:0` where an engine has it.',
  value: z.string().regex(/^[a-z]+(:\d+)?$/),
  allowed: { en: '`cpu`, or a name such as `cuda:0`', ja: '`cpu`、または `cuda:0` のような名前' },
  names: [],
  default: 'cpu',
  label: (value) => same(value),
};
