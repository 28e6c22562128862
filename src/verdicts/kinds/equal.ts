/** Almost equal: the ratio lies within a margin on both sides of 1. */
import { z } from 'zod';
import { type ClaimKind, defineClaimKind, forField, metricField } from '../kind.ts';
import { sides, testRatios } from './ratio.ts';

export const equalClaim: ClaimKind = defineClaimKind({
  kind: 'equal',
  summary: 'of and to are almost equal: the ratio lies in [1 / (1 + within), 1 + within]',
  fields: (field) => ({
    for: forField(field),
    of: field.selection('The one side.'),
    to: field.selection('The other side.'),
    metric: metricField(field),
    within: z.number().positive().max(10).describe('What counts as almost equal: 0.1 = 10 %.'),
  }),
  selected: (claim) => sides(claim),
  test: (claim, world) =>
    testRatios(claim, { atLeast: 1 / (1 + claim.within), atMost: 1 + claim.within }, world),
});
