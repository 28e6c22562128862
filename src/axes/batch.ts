import { wholeNumberAxis } from './number-axis.ts';

/** Sequences generated together. */
export const batchAxis = wholeNumberAxis({
  key: 'batch',
  field: 'batch',
  title: 'batch',
  unit: 'sequences',
  description:
    'Sequences generated together (static batching), or requests in all (continuous batching), each with a prompt of its own.',
  minimum: 1,
  maximum: 65_536,
  default: 1,
  label: (value) => ({ en: `batch ${value}`, ja: `バッチ ${value}` }),
});
