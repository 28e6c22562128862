import { wholeNumberAxis } from './number-axis.ts';

/** Tokens in the KV cache before the timed region starts. */
export const depthAxis = wholeNumberAxis({
  key: 'depth',
  field: 'depthTokens',
  title: 'depth',
  unit: 'tokens',
  description:
    "Tokens of each sequence that are already in the KV cache when the timed region starts (llama-bench's depth).",
  minimum: 0,
  maximum: 1_048_576,
  default: 0,
  label: (value) => ({ en: `depth ${value}`, ja: `深さ ${value}` }),
});
