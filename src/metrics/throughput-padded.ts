/** The two inflated countings, shown only beside the honest one, to expose the inflation. */
import { type Maybe, missing } from '../kernel/maybe.ts';
import { sum } from '../stats/moments.ts';
import type { Metric, RepeatInput } from './metric.ts';
import { OWN_SOURCE, TOKENS_PER_SECOND } from './shown.ts';
import { newTokens } from './stamps.ts';
import { tokensOverWindow } from './throughput.ts';

const common = {
  source: OWN_SOURCE,
  ...TOKENS_PER_SECOND,
  undefinedWhen: 'length is forced: nothing is padded',
  main: false,
} as const;

/** Padding counted but not computed: every sequence counts as the maximum length. */
export const throughputPaddingCounted: Metric = {
  ...common,
  level: 'repeat',
  id: 'throughput-padding-counted',
  title: 'Throughput, padding counted',
  definition:
    "Every position up to the maximum length counts for every sequence, computed or not, over throughput's window.",
  formula: 'batch * maximum length / (last token - start of generation)',
  compute: (input) => padded(input, () => input.sample.sequences.length * input.cell.outputTokens),
};

/** Padding computed but useless: positions computed after a sequence had ended count. */
export const throughputPaddingComputed: Metric = {
  ...common,
  level: 'repeat',
  id: 'throughput-padding-computed',
  title: 'Throughput, computed padding counted',
  definition:
    "New tokens and the positions that were computed after their sequence had ended, over throughput's window.",
  formula: 'sum(new tokens + computed padding) / (last token - start of generation)',
  compute: (input) =>
    padded(
      input,
      () => newTokens(input.sample) + sum(input.sample.sequences.map((sequence) => sequence.computedPadding)),
    ),
};

function padded({ cell, sample }: RepeatInput, tokens: () => number): Maybe<number> {
  if (cell.stop === 'forced') return missing('length is forced: nothing is padded');
  return tokensOverWindow(sample, tokens());
}
