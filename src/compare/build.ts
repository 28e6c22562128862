/** From two sides to their comparison: a pure function of what two runs (or one run twice) have in their journals. */

import type { JournalState } from '../journal/state.ts';
import { once, type Words } from '../kernel/language.ts';
import { missing, NOT_MEASURED } from '../kernel/maybe.ts';
import type { Metric } from '../metrics/metric.ts';
import type { ReportInput } from '../report/input.ts';
import { labelling } from '../report/labels.ts';
import { metricColumn } from '../report/metric-column.ts';
import { groupReasons } from '../report/reasons.ts';
import { compareFamily } from '../stats/comparison.ts';
import { LEVEL } from '../stats/estimate.ts';
import { strictestLevel } from '../stats/sequential.ts';
import { comparisonCaveats } from './caveats.ts';
import { pairNames } from './labels.ts';
import { measuredSide } from './measured.ts';
import { COMPARISON_VERSION, type ComparedPair, type ComparedSide, type ComparisonReport } from './model.ts';
import { matchCells } from './pairs.ts';
import type { Selection } from './selection.ts';
import { compareSequentially, type Looks } from './sequential.ts';
import { designSides } from './sides.ts';
import { summaryOf, verdictOf } from './verdict.ts';

export interface ComparisonInput {
  /** The baseline. */
  readonly a: SideInput;
  /** What is compared with it. */
  readonly b: SideInput;
  readonly metric: Metric;
  /** Above 0: 0.02 counts ratios within 2 % of 1 as equal. */
  readonly margin: number;
  /** Where the comparison was looked at while it ran; without them it is decided once, by Holm's procedure. */
  readonly looks?: Looks | undefined;
}

export interface SideInput {
  readonly input: ReportInput;
  /** As the reader knows it, a folder; equal for both sides where they are of one run. */
  readonly run: string;
  readonly selection: Selection;
}

/** Compares B with A. No pair gives a comparison without rows; the caller says why (`leftOut`). */
export function buildComparison({ a, b, metric, margin, looks }: ComparisonInput): ComparisonReport {
  // Not by the run id: the same study on the same machine has the same one each time.
  const sameRun = a.run === b.run;
  const sides = { a: measuredSide(a.input, metric), b: measuredSide(b.input, metric) };
  const matching = matchCells(
    { cells: a.input.cells, selection: a.selection },
    { cells: b.input.cells, selection: b.selection },
    sameRun,
  );
  const { common, labelOf } = pairNames(matching.pairs);
  const designs = matching.pairs.map((pair) =>
    designSides(sides.a.explore(pair.a), sides.b.explore(pair.b), metric, sameRun),
  );
  // Where cells could stop early, at whatever look they did.
  const early = [a.input.study.looks, b.input.study.looks].filter((design) => design !== undefined);
  const level = Math.max(LEVEL, ...early.map(strictestLevel));
  const sidesOfPairs = designs.map((one) => one.sides);
  const compared =
    looks === undefined
      ? compareFamily(sidesOfPairs, { margin, level })
      : compareSequentially(sidesOfPairs, looks, margin);
  const rows = matching.pairs.map((pair, i): ComparedPair => {
    const { ratio, outcome, pDifferent, pEquivalent, minimumDetectableRatio } = compared[i] ?? NOTHING;
    return {
      label: labelOf(pair),
      cellKeyA: pair.a.cellKey,
      cellKeyB: pair.b.cellKey,
      a: sides.a.estimate(pair.a),
      b: sides.b.estimate(pair.b),
      design: designs[i]?.design ?? { kind: 'paired', blocks: 0 },
      ratio,
      outcome,
      pDifferent,
      pEquivalent,
      minimumDetectableRatio,
    };
  });
  const differences = sameRun ? [] : conditionDifferences(a.input, b.input);
  const caveats = comparisonCaveats({ pairs: matching.pairs, sides, sameRun, differences, rows });
  const family = compared[0]?.family ?? 0;
  const names = labelling([...a.input.cells, ...b.input.cells]);
  return {
    version: COMPARISON_VERSION,
    summary: summaryOf(rows, metric, margin, looks === undefined ? family : 0),
    verdict: verdictOf(rows, caveats),
    metric: metricColumn(metric, true),
    margin,
    level: looks === undefined ? level : LEVEL,
    family,
    looks,
    a: comparedSide(a, sides.a.state),
    b: comparedSide(b, sides.b.state),
    common,
    rows,
    leftOut: groupReasons(
      matching.leftOut.map((one) => ({
        name: sameRun ? names.full(one.cell) : `${one.side}: ${names.full(one.cell)}`,
        reason: one.reason,
      })),
    ),
    differences,
    caveats,
  };
}

const NOTHING = {
  ratio: missing(NOT_MEASURED),
  outcome: 'undecided',
  pDifferent: missing(NOT_MEASURED),
  pEquivalent: missing(NOT_MEASURED),
  minimumDetectableRatio: missing(NOT_MEASURED),
} as const;

const comparedSide = ({ run, input, selection }: SideInput, state: JournalState): ComparedSide => ({
  run,
  study: input.study.name,
  selection: selection.text,
  first: state.launches[0]?.started.wallTime ?? '',
  last: state.launches.at(-1)?.started.wallTime ?? '',
});

const NONE: Words = { en: 'none', ja: 'なし' };

function conditionDifferences(a: ReportInput, b: ReportInput): ComparisonReport['differences'] {
  const [factsA, factsB] = [a, b].map(
    ({ environment }) => new Map(environment.facts.map(({ name, value }) => [name.en, value])),
  );
  const names = once([a, b].flatMap(({ environment }) => environment.facts.map(({ name }) => name)));
  return names.flatMap((name) => {
    const [valueA, valueB] = [factsA?.get(name.en) ?? NONE, factsB?.get(name.en) ?? NONE];
    return valueA.en === valueB.en ? [] : [{ name, a: valueA, b: valueB }];
  });
}
