import { nameAxis } from './name-axis.ts';

/** Whether the prompts of a batch have one length. */
export const promptLengthsAxis = nameAxis({
  key: 'promptLengths',
  field: 'promptLengths',
  title: 'prompt lengths',
  unit: '',
  description:
    '`equal`: every prompt has `inputTokens` tokens; `ragged`: lengths drawn from a quarter of it up to all of it (in a chat: of what the template leaves of it).',
  names: ['equal', 'ragged'],
  default: 'equal',
});
