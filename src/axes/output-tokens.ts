import { wholeNumberAxis } from './number-axis.ts';

/** New tokens of each sequence. */
export const outputTokensAxis = wholeNumberAxis({
  key: 'outputTokens',
  field: 'outputTokens',
  title: 'output tokens',
  unit: 'tokens',
  description: 'New tokens of each sequence: exactly so many with stop forced, else at most.',
  minimum: 1,
  maximum: 1_048_576,
  default: 64,
  label: (value) => ({ en: `${value} out`, ja: `出力 ${value}` }),
});
