/** One group of cells against another: the ratio of a metric lies beyond a margin. */
import { z } from 'zod';
import type { CellPattern } from '../../axes/pattern.ts';
import type { Bounds } from '../claim.ts';
import { all, any, type Tested } from '../evidence.ts';
import {
  boundFields,
  boundProblems,
  type ClaimKind,
  defineClaimKind,
  EVERYTHING,
  forField,
  metricField,
} from '../kind.ts';
import type { World } from '../observed.ts';
import { measuredOnly, pairName, pairs, tested } from '../parts.ts';
import { ratioPart } from '../quantity.ts';

export const ratioClaim: ClaimKind = defineClaimKind({
  kind: 'ratio',
  summary:
    'of / to of a metric lies beyond a margin, between cells that are equal in everything that neither names',
  fields: (field) => ({
    for: forField(field),
    of: field.selection('The cells above the line.'),
    to: field.selection('The cells below the line.'),
    metric: metricField(field),
    ...boundFields('The ratio'),
    holds: z
      .enum(['all', 'any'])
      .default('all')
      .describe('Whether all ratios must lie there, or one of them.'),
  }),
  check: (claim) => boundProblems(claim),
  selected: (claim) => sides(claim),
  test: (claim, world) => testRatios(claim, claim, world),
});

interface TwoSides {
  readonly for?: CellPattern | undefined;
  readonly of: CellPattern;
  readonly to: CellPattern;
}

/** Both sides must exist. */
export const sides = ({ for: base = EVERYTHING, of, to }: TwoSides) => [
  { path: 'of', patterns: [base, of] },
  { path: 'to', patterns: [base, to] },
];

/** Tests every ratio of `metric` against `bounds`. */
export function testRatios(
  claim: TwoSides & { readonly metric: string; readonly holds?: 'all' | 'any' },
  bounds: Bounds,
  world: World,
): Tested {
  const { metric } = claim;
  const { measured, missing } = measuredOnly(
    pairs(world, claim.for, claim.of, claim.to),
    ({ a, b }) => [a, b],
    metric,
  );
  return tested(
    measured.map((pair) =>
      ratioPart(
        pairName(metric, pair),
        [
          { cell: pair.a, metric, weight: 1 },
          { cell: pair.b, metric, weight: -1 },
        ],
        bounds,
        world.spread,
      ),
    ),
    missing,
    claim.holds === 'any' ? any : all,
  );
}
