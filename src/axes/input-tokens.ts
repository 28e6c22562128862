import { wholeNumberAxis } from './number-axis.ts';

/** Prompt tokens of each sequence. */
export const inputTokensAxis = wholeNumberAxis({
  key: 'inputTokens',
  field: 'inputTokens',
  title: 'input tokens',
  unit: 'tokens',
  description:
    'Prompt tokens of each sequence, prefilled inside the timed region (the maximum with ragged prompts).',
  minimum: 1,
  maximum: 1_048_576,
  default: 64,
  label: (value) => ({ en: `${value} in`, ja: `入力 ${value}` }),
});
