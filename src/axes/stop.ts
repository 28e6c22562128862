import { nameAxis } from './name-axis.ts';

/** When a sequence ends. */
export const stopAxis = nameAxis({
  key: 'stop',
  field: 'stop',
  title: 'stop',
  unit: '',
  description:
    '`forced`: every sequence gets exactly `outputTokens` new tokens; `natural`: it ends with the first end-of-text.',
  names: ['forced', 'natural'],
  default: 'forced',
});
