import { nameAxis } from './name-axis.ts';

/** How sequences share the engine. */
export const batchingAxis = nameAxis({
  key: 'batching',
  field: 'batching',
  title: 'batching',
  unit: '',
  description:
    '`static`: all sequences start and step together; `continuous`: a request enters as soon as one of the slots is free.',
  names: ['static', 'continuous'],
  default: 'static',
});
