/** Only these cells change along an axis: their lines lie within one margin, all other lines within another. */
import { z } from 'zod';
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

export const onlyClaim: ClaimKind = defineClaimKind({
  kind: 'only',
  summary:
    'along an axis the lines of `who` rise beyond a margin, and those of all other cells stay within another',
  fields: (field) => ({
    for: forField(field),
    who: field.selection('The cells of which alone it is said.'),
    along: alongField(),
    metric: metricField(field),
    ...boundFields('The rise of the lines of `who`'),
    others: z
      .strictObject(boundFields('The rise of every other line'))
      .describe('What is said of all others.'),
  }),
  check: (claim) => [...boundProblems(claim), ...boundProblems(claim.others, 'others')],
  selected: ({ for: base = EVERYTHING, who, along }) => [
    { path: 'who', patterns: [base, who], along },
    { path: 'along', patterns: [base], along },
  ],
  test: ({ for: base = EVERYTHING, who, along, metric, others, ...bounds }, world) => {
    const own = select(world, base, who);
    const rest = select(world, base).filter((cell) => !own.includes(cell));
    const ownLines = linesOf(own, along, metric);
    const otherLines = linesOf(rest, along, metric);
    const missing = [...ownLines.missing, ...otherLines.missing];
    // Without the one that is said to differ, nothing can be said of the claim.
    if (ownLines.lines.length === 0) return tested([], ownLines.missing);
    return tested(
      [
        ...ownLines.lines.map((line) => risePart(line, along, metric, bounds, world.spread)),
        ...otherLines.lines.map((line) => risePart(line, along, metric, others, world.spread)),
      ],
      missing,
    );
  },
});
