/** Peak memory of one group of cells against another. */
import { boundFields, boundProblems, type ClaimKind, defineClaimKind, forField } from '../kind.ts';
import { sides, testRatios } from './ratio.ts';

export const memoryClaim: ClaimKind = defineClaimKind({
  kind: 'memory',
  summary: 'the ratio of / to of peak memory lies beyond a margin',
  fields: (field) => ({
    for: forField(field),
    of: field.selection('The cells above the line.'),
    to: field.selection('The cells below the line.'),
    ...boundFields('The ratio of peak memory'),
  }),
  check: (claim) => boundProblems(claim),
  selected: (claim) => sides(claim),
  test: (claim, world) => testRatios({ ...claim, metric: 'peak-memory' }, claim, world),
});
