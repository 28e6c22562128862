/** Whose metric falls most along an axis: absolutely (in its unit) or relatively (as a ratio of first to last). */
import { z } from 'zod';
import type { AxisKey } from '../../axes/registry.ts';
import type { Words } from '../../kernel/language.ts';
import { mapMaybe } from '../../kernel/maybe.ts';
import { contrast } from '../../stats/contrast.ts';
import type { Part } from '../evidence.ts';
import {
  alongField,
  type ClaimKind,
  defineClaimKind,
  EVERYTHING,
  facetsOf,
  forField,
  metricField,
} from '../kind.ts';
import { type ObservedCell, roundsOf, select } from '../observed.ts';
import { tested } from '../parts.ts';
import { boundedEvidence, boundsText, estimateOf, ratioPart } from '../quantity.ts';
import { lineName, linesOf } from '../rise.ts';
import { restOf } from '../series.ts';
import type { SpreadModel } from '../spread.ts';

export const fallClaim: ClaimKind = defineClaimKind({
  kind: 'fall',
  summary:
    'from the first to the last value of an axis a metric falls more for `who` than for all others, by a margin',
  fields: (field) => ({
    for: forField(field),
    who: field.selection(
      'The cells that are said to fall most; others are equal to them in all that it does not name.',
    ),
    along: alongField(),
    metric: metricField(field),
    measure: z
      .enum(['absolute', 'relative'])
      .describe('`absolute`: first minus last; `relative`: first over last.'),
    atLeast: z
      .number()
      .positive()
      .default(1)
      .describe("The fall of `who` over any other's: a factor on the difference, or on the ratio."),
  }),
  selected: ({ for: base = EVERYTHING, who, along }) => [{ path: 'who', patterns: [base, who], along }],
  test: ({ for: base = EVERYTHING, who, along, metric, measure, atLeast }, world) => {
    const own = select(world, base, who);
    const rest = select(world, base).filter((cell) => !own.includes(cell));
    const ownLines = linesOf(own, along, metric);
    const otherLines = linesOf(rest, along, metric);
    const facets = facetsOf(who).add(along);
    const parts = ownLines.lines.flatMap((line) =>
      otherLines.lines
        .filter(
          (other) => restOf(line[0] as ObservedCell, facets) === restOf(other[0] as ObservedCell, facets),
        )
        .map((other) => fallPart(line, other, { along, metric, measure, atLeast, spread: world.spread })),
    );
    return tested(parts, [...ownLines.missing, ...(parts.length === 0 ? otherLines.missing : [])]);
  },
});

interface FallRule {
  readonly along: AxisKey;
  readonly metric: string;
  readonly measure: 'absolute' | 'relative';
  readonly atLeast: number;
  readonly spread: SpreadModel;
}

function fallPart(line: readonly ObservedCell[], other: readonly ObservedCell[], rule: FallRule): Part {
  const { along, metric, measure, atLeast, spread } = rule;
  const ends = [
    { cell: line[0], weight: 1 },
    { cell: line.at(-1), weight: -1 },
    { cell: other[0], weight: -1 },
    { cell: other.at(-1), weight: 1 },
  ].flatMap(({ cell, weight }) => (cell === undefined ? [] : [{ cell, weight, metric }]));
  const lineWords = lineName(line, along, metric);
  const name: Words = {
    en: `${measure} fall of ${lineWords.en} against ${other[0]?.name ?? ''}`,
    ja: `${lineWords.ja} の${measure === 'absolute' ? '絶対的' : '相対的'}な低下、対 ${other[0]?.name ?? ''}`,
  };
  if (measure === 'relative') return ratioPart(name, ends, { atLeast }, spread);
  const difference = (factor: number) =>
    contrast(
      ends.map(({ cell, weight }, index) => ({
        weight: index < 2 ? weight : weight * factor,
        rounds: roundsOf(cell, metric, (value) => value),
      })),
    );
  return {
    effect: {
      name,
      value: mapMaybe(difference(atLeast), (found) => estimateOf(found, (value) => value)),
      bound: boundsText({ atLeast: 0 }),
      unit:
        atLeast === 1
          ? { en: 'difference of falls', ja: '低下の差' }
          : { en: `fall less ${atLeast} times the other`, ja: `低下から相手の ${atLeast} 倍を引いた値` },
    },
    evidence: boundedEvidence(difference(atLeast), { atLeast: 0 }),
  };
}
