/** A metric rises, falls or stays along an axis: the rise of its fitted line from the first to the last value. */
import {
  alongField,
  boundFields,
  boundProblems,
  type ClaimKind,
  defineClaimKind,
  EVERYTHING,
  forField,
  metricField,
} from '../kind.ts';
import { select } from '../observed.ts';
import { tested } from '../parts.ts';
import { linesOf, risePart } from '../rise.ts';

export const trendClaim: ClaimKind = defineClaimKind({
  kind: 'trend',
  summary:
    'the line fitted to a metric along an axis (both on log scales) rises from the first to the last value by a ratio beyond a margin; below 1 = it falls',
  fields: (field) => ({
    for: forField(field),
    along: alongField(),
    metric: metricField(field),
    ...boundFields('The value of the line at the last point over that at the first'),
  }),
  check: (claim) => boundProblems(claim),
  selected: ({ for: base = EVERYTHING, along }) => [{ path: 'along', patterns: [base], along }],
  test: ({ for: base = EVERYTHING, along, metric, ...bounds }, world) => {
    const { lines, missing } = linesOf(select(world, base), along, metric);
    return tested(
      lines.map((line) => risePart(line, along, metric, bounds, world.spread)),
      missing,
    );
  },
});
