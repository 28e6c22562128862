/**
 * How much of something is explained by a part of it: the share of one metric (a time) in another, or of its growth along
 * an axis in the growth of the other. Tested as part - share x whole against 0, round by round, so that no ratio of noisy
 * numbers is formed (Fieller, "Some problems in interval estimation", J. Royal Statistical Society B 16, 1954).
 */
import { z } from 'zod';
import type { AxisKey } from '../../axes/registry.ts';
import type { Words } from '../../kernel/language.ts';
import { missing as absent, type Maybe, present } from '../../kernel/maybe.ts';
import { type ContrastTerm, contrast } from '../../stats/contrast.ts';
import type { Estimate } from '../../stats/estimate.ts';
import type { Bounds } from '../claim.ts';
import { all, type Part } from '../evidence.ts';
import { alongField, boundProblems, type ClaimKind, defineClaimKind, EVERYTHING, forField } from '../kind.ts';
import { isMeasured, type ObservedCell, roundsOf, select } from '../observed.ts';
import { measuredOnly, tested } from '../parts.ts';
import { boundedEvidence, boundsText, estimateOf } from '../quantity.ts';
import { lineName, linesOf } from '../rise.ts';

const share = () => z.number().positive().max(1).optional();

export const shareClaim: ClaimKind = defineClaimKind({
  kind: 'share',
  summary: 'a part makes up a share of the whole (two metrics of one unit), or of its growth along an axis',
  fields: (field) => ({
    for: forField(field),
    part: field.metric('The metric that explains, e.g. `ttft`.'),
    whole: field.metric('The metric that is explained, e.g. `e2e`.'),
    along: alongField().optional(),
    atLeast: share().describe('The share is at least this, 0.5 = half.'),
    atMost: share().describe('The share is at most this.'),
  }),
  check: (claim) => boundProblems(claim),
  selected: ({ for: base = EVERYTHING, along }) =>
    along === undefined ? [{ path: 'for', patterns: [base] }] : [{ path: 'along', patterns: [base], along }],
  test: ({ for: base = EVERYTHING, part, whole, along, ...bounds }, world) => {
    const cells = select(world, base);
    if (along === undefined) {
      const { measured, missing } = measuredOnly(cells, (cell) => [cell], part);
      const name = (cell: ObservedCell): Words => ({
        en: `share of ${part} in ${whole}, ${cell.name}`,
        ja: `${whole} に占める ${part} の割合、${cell.name}`,
      });
      return tested(
        measured
          .filter((cell) => isMeasured(cell, whole))
          .map((cell) => sharePart(name(cell), [{ cell, weight: 1 }], part, whole, bounds)),
        missing,
      );
    }
    const { lines, missing } = linesOf(cells, along, whole);
    return tested(
      lines.flatMap((line) => growthPart(line, along, part, whole, bounds)),
      missing,
    );
  },
});

interface Weighted {
  readonly cell: ObservedCell;
  readonly weight: number;
}

function growthPart(
  line: readonly ObservedCell[],
  along: AxisKey,
  part: string,
  whole: string,
  bounds: Bounds,
): Part[] {
  const first = line[0];
  const last = line.at(-1);
  if (first === undefined || last === undefined || !isMeasured(first, part) || !isMeasured(last, part))
    return [];
  const ends = [
    { cell: last, weight: 1 },
    { cell: first, weight: -1 },
  ];
  const lineWords = lineName(line, along, whole);
  const name: Words = {
    en: `share of the growth of ${part} in that of ${lineWords.en}`,
    ja: `${lineWords.ja} の伸びに占める ${part} の伸びの割合`,
  };
  return [sharePart(name, ends, part, whole, bounds)];
}

function sharePart(
  name: Words,
  cells: readonly Weighted[],
  part: string,
  whole: string,
  bounds: Bounds,
): Part {
  const terms = (metric: string, factor: number): ContrastTerm[] =>
    cells.map(({ cell, weight }) => ({
      weight: weight * factor,
      rounds: roundsOf(cell, metric, (value) => value),
    }));
  const beyond = (limit: number) => contrast([...terms(part, 1), ...terms(whole, -limit)]);
  return {
    effect: {
      name,
      value: shareOf(terms(part, 1), terms(whole, 1)),
      bound: boundsText(bounds),
      unit: { en: 'share', ja: '割合' },
    },
    evidence: all([
      // Without growth there is nothing to explain.
      boundedEvidence(contrast(terms(whole, 1)), { atLeast: 0 }),
      ...(bounds.atLeast === undefined ? [] : [boundedEvidence(beyond(bounds.atLeast), { atLeast: 0 })]),
      ...(bounds.atMost === undefined ? [] : [boundedEvidence(beyond(bounds.atMost), { atMost: 0 })]),
    ]),
  };
}

/** For the reader: the mean of the shares of each round, where the whole is above 0 in all of them. */
function shareOf(part: readonly ContrastTerm[], whole: readonly ContrastTerm[]): Maybe<Estimate> {
  const wholes = byRound(whole);
  const parts = byRound(part);
  const shares = new Map(
    [...wholes].flatMap(([round, value]) => {
      const own = parts.get(round);
      return own === undefined || value <= 0 ? [] : [[round, own / value] as const];
    }),
  );
  if (shares.size < wholes.size)
    return absent({
      en: 'the whole does not grow in every round',
      ja: '全体が伸びないラウンドがあります',
    });
  const found = contrast([{ weight: 1, rounds: shares }]);
  return found.kind === 'missing' ? found : present(estimateOf(found.value, (value) => value));
}

function byRound(terms: readonly ContrastTerm[]): Map<number, number> {
  const [first] = terms;
  const rounds = [...(first?.rounds.keys() ?? [])].filter((round) =>
    terms.every((term) => term.rounds.has(round)),
  );
  return new Map(
    rounds.map((round) => [
      round,
      terms.reduce((sum, term) => sum + term.weight * (term.rounds.get(round) ?? 0), 0),
    ]),
  );
}
