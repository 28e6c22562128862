import { PRECISION_NAMES } from '../models/precision.ts';
import { nameAxis } from './name-axis.ts';

/** Numeric precision, by short name. */
export const precisionAxis = nameAxis({
  key: 'precision',
  field: 'precision',
  title: 'precision',
  unit: '',
  description:
    'Numeric precision by its short name; an engine that lists `precisions` of its own takes those instead.',
  names: PRECISION_NAMES,
  default: 'fp32',
});
