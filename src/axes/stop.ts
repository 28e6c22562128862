import { STOPS } from './cell.ts';
import { nameAxis } from './name-axis.ts';

/** When a sequence ends. */
export const stopAxis = nameAxis({
  key: 'stop',
  field: 'stop',
  title: 'stop',
  unit: '',
  description:
    "`forced`: every sequence gets exactly `outputTokens` new tokens; `natural`: it ends with the first end-of-text; `drawn-uniform` and `drawn-geometric`: it gets as many as are drawn for it from the study's seed, from 1 to `outputTokens` (all lengths alike; or an end as likely at every token, a quarter of `outputTokens` on average), which stands in for natural ends on synthetic weights.",
  names: STOPS,
  default: 'forced',
});
