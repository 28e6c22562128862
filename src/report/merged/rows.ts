/** Cells that several machines measured, with their ratios. */
import { journalState } from '../../journal/state.ts';
import { canonicalJson } from '../../kernel/canonical.ts';
import { missing } from '../../kernel/maybe.ts';
import { METRICS } from '../../metrics/registry.ts';
import { launchMeans, type PhaseSummary, summarise } from '../../metrics/summarise.ts';
import { compareFamily, type Sides } from '../../stats/comparison.ts';
import { LEVEL } from '../../stats/estimate.ts';
import { strictestLevel } from '../../stats/sequential.ts';
import { EQUIVALENCE_MARGIN } from '../answer.ts';
import type { ReportCell } from '../input.ts';
import { labelling } from '../labels.ts';
import type { MergedComparison, MergedReport, MergedRow } from './model.ts';
import type { MergedSide } from './side.ts';

/** What must be equal on both machines; `threads: all` is all of each. */
const sharedKey = ({ input }: MergedSide, { cell, engineLabel }: ReportCell): string =>
  canonicalJson({
    ...cell,
    engineLabel,
    threads: cell.threads === input.study.logicalCpus ? 'all' : cell.threads,
  });

const THROUGHPUT = METRICS.filter(({ id }) => id === 'throughput');

/** A row per cell that two machines or more have, compared with the first of them. */
export function mergedRows(sides: readonly MergedSide[]): Pick<MergedReport, 'rows' | 'family' | 'level'> {
  const measured = sides.map((side) => {
    const summaries = summarise(
      side.input.cells,
      journalState(side.input.records),
      THROUGHPUT,
      side.input.study.looks,
    );
    const byKey = new Map<string, { readonly cell: ReportCell; readonly explore: PhaseSummary }>();
    for (const cell of side.input.cells) {
      const explore = summaries.get(cell.cellKey)?.explore;
      if (explore !== undefined && explore.launches.length > 0)
        byKey.set(sharedKey(side, cell), { cell, explore });
    }
    return byKey;
  });
  const keys = [...new Set(measured.flatMap((byKey) => [...byKey.keys()]))].filter(
    (key) => measured.filter((byKey) => byKey.has(key)).length > 1,
  );
  const found = keys.flatMap((key) => measured.flatMap((byKey) => byKey.get(key)?.cell ?? []));
  // Threads name the machine, not the cell, where all are used.
  const plain = (cell: ReportCell): ReportCell => ({ ...cell, cell: { ...cell.cell, threads: 0 } });
  const sameThreads = sides.every(({ input }) =>
    input.cells.every(({ cell }) => cell.threads === input.study.logicalCpus),
  );
  const named = (cell: ReportCell): ReportCell => (sameThreads ? plain(cell) : cell);
  const names = labelling(found.map(named));
  const pairs = keys.flatMap((key) => {
    const having = sides.flatMap(({ machine }, index) => {
      const own = measured[index]?.get(key);
      return own === undefined ? [] : [{ letter: machine.letter, ...own }];
    });
    const [base, ...others] = having;
    return base === undefined ? [] : others.map((other) => ({ key, base, other }));
  });
  const looks = sides.flatMap(({ input }) => input.study.looks ?? []);
  const level = Math.max(LEVEL, ...looks.map(strictestLevel));
  const compared = compareFamily(
    pairs.map(
      ({ base, other }): Sides => ({
        kind: 'unpaired',
        a: launchMeans(other.explore, 'throughput'),
        b: launchMeans(base.explore, 'throughput'),
        reason: 'two machines share no block',
      }),
    ),
    { margin: EQUIVALENCE_MARGIN, level },
  );
  const rows = keys.flatMap((key): MergedRow[] => {
    const first = measured.flatMap((byKey) => byKey.get(key) ?? [])[0];
    if (first === undefined) return [];
    return [
      {
        label: names.full(named(first.cell)),
        throughput: measured.map(
          (byKey) =>
            byKey.get(key)?.explore.estimates.get('throughput') ??
            missing({ en: 'not measured there', ja: 'そちらでは測定されていません' }),
        ),
        against: pairs.flatMap((pair, index): MergedComparison[] => {
          const comparison = compared[index];
          return pair.key !== key || comparison === undefined
            ? []
            : [
                {
                  machine: pair.other.letter,
                  base: pair.base.letter,
                  ratio: comparison.ratio,
                  outcome: comparison.outcome,
                },
              ];
        }),
      },
    ];
  });
  return { rows, family: compared[0]?.family ?? 0, level };
}
