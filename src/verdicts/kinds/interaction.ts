/** An effect that grows with something else: the ratio of two ratios. */

import { same } from '../../kernel/language.ts';
import {
  boundFields,
  boundProblems,
  type ClaimKind,
  defineClaimKind,
  EVERYTHING,
  facetsOf,
  forField,
  metricField,
} from '../kind.ts';
import { type ObservedCell, select } from '../observed.ts';
import { measuredOnly, tested } from '../parts.ts';
import { ratioPart } from '../quantity.ts';
import { restOf } from '../series.ts';

export const interactionClaim: ClaimKind = defineClaimKind({
  kind: 'interaction',
  summary:
    'the ratio of / to is larger (or smaller) in the cells of `towards` than in those of `from`, by a margin',
  fields: (field) => ({
    for: forField(field),
    of: field.selection('The cells above the line.'),
    to: field.selection('The cells below the line.'),
    from: field.selection('Where the ratio starts from, e.g. small models.'),
    towards: field.selection('Where it is compared with, e.g. large models.'),
    metric: metricField(field),
    ...boundFields('The ratio in `towards` over that in `from`'),
  }),
  check: (claim) => boundProblems(claim),
  selected: ({ for: base = EVERYTHING, of, to, from, towards }) => [
    { path: 'of', patterns: [base, of, towards] },
    { path: 'of', patterns: [base, of, from] },
    { path: 'to', patterns: [base, to, towards] },
    { path: 'to', patterns: [base, to, from] },
  ],
  test: ({ for: base = EVERYTHING, of, to, from, towards, metric, ...bounds }, world) => {
    const facets = facetsOf(of, to, from, towards);
    const rest = (cell: ObservedCell): string => restOf(cell, facets);
    const sideFacets = facetsOf(of, to);
    const placeFacets = facetsOf(from, towards);
    /** Above and below the line at one place, equal in all but what the sides name. */
    const ratiosAt = (place: typeof from) =>
      select(world, base, of, place).flatMap((a) =>
        select(world, base, to, place)
          .filter((b) => restOf(a, sideFacets) === restOf(b, sideFacets))
          .map((b) => ({ a, b })),
      );
    const near = ratiosAt(from);
    const quadruples = ratiosAt(towards).flatMap((far) =>
      near
        .filter(({ a }) => rest(a) === rest(far.a) && restOf(a, placeFacets) === restOf(far.a, placeFacets))
        .map((start) => ({ far, start })),
    );
    const { measured, missing } = measuredOnly(
      quadruples,
      ({ far, start }) => [far.a, far.b, start.a, start.b],
      metric,
    );
    return tested(
      measured.map(({ far, start }) =>
        ratioPart(
          same(`${metric}, (${far.a.name} / ${far.b.name}) / (${start.a.name} / ${start.b.name})`),
          [
            { cell: far.a, metric, weight: 1 },
            { cell: far.b, metric, weight: -1 },
            { cell: start.a, metric, weight: -1 },
            { cell: start.b, metric, weight: 1 },
          ],
          bounds,
          world.spread,
        ),
      ),
      missing,
    );
  },
});
