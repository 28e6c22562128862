/** The first of a ranking: in each setting one of these cells leads all others, by a margin. */
import { z } from 'zod';
import { AXIS_KEYS } from '../../axes/registry.ts';
import { all, any, type Evidence, type Part } from '../evidence.ts';
import { type ClaimKind, defineClaimKind, EVERYTHING, facetsOf, forField, metricField } from '../kind.ts';
import { absence, isMeasured, type ObservedCell, select } from '../observed.ts';
import { eachByObstacle, type Pair, pairName, tested } from '../parts.ts';
import { ratioPart } from '../quantity.ts';
import { type Facet, groupBy } from '../series.ts';
import type { SpreadModel } from '../spread.ts';

const FACETS = ['model', 'engine', 'options', ...AXIS_KEYS] as const satisfies readonly Facet[];

export const rankingClaim: ClaimKind = defineClaimKind({
  kind: 'ranking',
  summary:
    'in each setting, one of the cells of `first` has a metric of at least `atLeast` times that of every other cell',
  fields: (field) => ({
    for: forField(field),
    first: field.selection('The cells that are said to lead.'),
    over: z
      .array(z.enum(FACETS))
      .min(1)
      .optional()
      .describe('What rivals differ in; in all else they are equal. Default: what `first` names.'),
    metric: metricField(field).describe('Metric, by its id; more of it is better.'),
    atLeast: z.number().positive().default(1).describe('The lead: 1.1 = 10 % more than any rival.'),
  }),
  selected: ({ for: base = EVERYTHING, first }) => [{ path: 'first', patterns: [base, first] }],
  test: ({ for: base = EVERYTHING, first, over, metric, atLeast }, world) => {
    const leaders = new Set(select(world, base, first));
    const facets = new Set<Facet>(over ?? facetsOf(first));
    const groups = groupBy(select(world, base), facets).filter((group) =>
      group.some((cell) => leaders.has(cell)),
    );
    const parts: Part[] = [];
    const evidence: Evidence[] = [];
    for (const group of groups) {
      const own = group.filter((cell) => leaders.has(cell));
      const rivals = group.filter((cell) => !leaders.has(cell) && isMeasured(cell, metric));
      const measured = own.filter((cell) => isMeasured(cell, metric));
      if (measured.length === 0 || rivals.length === 0) continue;
      const byLeader = measured.map((a) =>
        rivals.map((b) => leadPart({ a, b }, metric, atLeast, world.spread)),
      );
      parts.push(...byLeader.flat());
      const found = any(byLeader.map((lead) => all(lead.map((part) => part.evidence))));
      // A leader that was not measured may be the fastest after all.
      evidence.push(measured.length < own.length ? { ...found, refute: 1 } : found);
    }
    const lacking = (cells: readonly ObservedCell[]) =>
      eachByObstacle(cells.filter((cell) => !isMeasured(cell, metric)).map((cell) => absence(cell, metric)));
    // Where no leader was measured, the rivals could not matter.
    const leading = lacking(groups.flat().filter((cell) => leaders.has(cell)));
    const others = lacking(groups.flat().filter((cell) => !leaders.has(cell)));
    return tested(parts, [...leading, ...others], () => all(evidence));
  },
});

const leadPart = ({ a, b }: Pair, metric: string, atLeast: number, spread: SpreadModel): Part =>
  ratioPart(
    pairName(metric, { a, b }),
    [
      { cell: a, metric, weight: 1 },
      { cell: b, metric, weight: -1 },
    ],
    { atLeast },
    spread,
  );
