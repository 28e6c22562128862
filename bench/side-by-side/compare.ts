/**
 * Runs of the classes -> rows (engine, precision, throughput by batch) and contests: in each class and at each batch the
 * embedded engine against the fastest of all others, block by block. Pure.
 *
 * Every precision of the embedded engine is compared, and the table shows the fastest: Holm's procedure over all of them
 * allows for the choice. The rival is the one with the largest mean, which flatters it a little.
 */
import { designSides } from '../../src/compare/sides.ts';
import { journalState } from '../../src/journal/state.ts';
import { type Maybe, missing, NOT_MEASURED, presentValue } from '../../src/kernel/maybe.ts';
import { type CellSummary, summarise } from '../../src/metrics/summarise.ts';
import { throughput } from '../../src/metrics/throughput.ts';
import { isEligible } from '../../src/report/answer.ts';
import { buildReport } from '../../src/report/build.ts';
import type { ReportInput } from '../../src/report/input.ts';
import type { Agreement, Caveat, FailureGroup, NamedReason, Row } from '../../src/report/model.ts';
import { compareFamily, type Sides } from '../../src/stats/comparison.ts';
import type { Estimate } from '../../src/stats/estimate.ts';
import type { ComparisonOutcome } from '../../src/stats/outcome.ts';
import type { PrecisionClass } from './classes.ts';

/** Ratios within 5 % of 1 are a tie: repeats of one engine differ by 3 to 5 % on a quiet machine. */
export const MARGIN = 0.05;

export interface ClassRun {
  readonly class: PrecisionClass;
  readonly input: ReportInput;
}

export interface ClassResult {
  readonly id: string;
  readonly title: string;
  readonly runId: string;
  readonly rounds: number;
  readonly rows: readonly EngineRow[];
  /** Of every precision of the embedded engine, by batch. */
  readonly contests: readonly Contest[];
  readonly failures: readonly FailureGroup[];
  /** What cannot run here, with the reason. */
  readonly leftOut: readonly NamedReason[];
  /** Those that a reader must know before using a number. */
  readonly caveats: readonly (Omit<Caveat, 'text'> & { readonly text: string })[];
  /** Versions of the engines' libraries and conditions of the machine. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface EngineRow {
  readonly engine: string;
  readonly precision: string;
  /** The engine's own word for it. */
  readonly precisionOwnName: string;
  /** Options that differ between rows. */
  readonly options: string;
  readonly embedded: boolean;
  readonly batches: readonly BatchValue[];
}

export interface BatchValue {
  readonly batch: number;
  /** Tokens/s, summed over the batch, prefill included. */
  readonly throughput: Maybe<Estimate>;
  readonly launches: number;
  readonly agreement: Agreement;
}

export interface Contest {
  readonly batch: number;
  readonly embedded: string;
  /** The fastest of all other engines. */
  readonly rival: string;
  /** Embedded over rival, the interval for itself alone. */
  readonly ratio: Maybe<Estimate>;
  readonly outcome: 'leads' | 'ties' | 'behind' | 'undecided';
  /** Whether it is the fastest precision of the embedded engine here. */
  readonly fastest: boolean;
}

interface OpenContest extends Omit<Contest, 'ratio' | 'outcome'> {
  readonly sides: Sides;
}

/**
 * The classes that were given, their contests decided together.
 * @param embedded name in tables of the engine that is compared with all others
 */
export function compareClasses(runs: readonly ClassRun[], embedded: string): ClassResult[] {
  const open = runs.map((run) => ({ run, ...described(run, embedded) }));
  const all = open.flatMap(({ contests }) => contests);
  const decided = compareFamily(
    all.map(({ sides }) => sides),
    { margin: MARGIN },
  );
  return open.map(({ run, contests, ...rest }) => ({
    id: run.class.id,
    title: run.class.title,
    runId: run.input.runId,
    rounds: run.input.study.minimumRounds,
    ...rest,
    contests: contests.map((one) => {
      const { sides: _, ...contest } = one;
      const result = decided[all.indexOf(one)];
      return {
        ...contest,
        ratio: result?.ratio ?? missing(NOT_MEASURED),
        outcome: WORDS[result?.outcome ?? 'undecided'],
      };
    }),
  }));
}

const WORDS: Readonly<Record<ComparisonOutcome, Contest['outcome']>> = {
  faster: 'leads',
  equivalent: 'ties',
  slower: 'behind',
  undecided: 'undecided',
};

type Described = Pick<ClassResult, 'rows' | 'failures' | 'leftOut' | 'caveats' | 'facts'> & {
  readonly contests: readonly OpenContest[];
};

function described({ input }: ClassRun, embedded: string): Described {
  const report = buildReport(input);
  const { rows } = report.table;
  const summaries = summarise(input.cells, journalState(input.records), [throughput], input.study.looks);
  return {
    rows: engineRows(rows, input, embedded),
    contests: contestsOf(rows, summaries, embedded),
    failures: report.failures,
    leftOut: [...report.skipped, ...report.dropped],
    caveats: report.caveats
      .filter(({ severity }) => severity !== 'note')
      .map((caveat) => ({ ...caveat, text: caveat.text.en })),
    facts: Object.fromEntries(report.conditions.map(({ name, value }) => [name, value])),
  };
}

function engineRows(rows: readonly Row[], { cells }: ReportInput, embedded: string): EngineRow[] {
  const ownNames = new Map(cells.map(({ cellKey, precisionOwnName }) => [cellKey, precisionOwnName]));
  const labels = [...new Set(rows.map(({ label }) => label))];
  return labels.flatMap((label) => {
    const own = rows.filter((row) => row.label === label);
    const [first] = own;
    if (first === undefined) return [];
    return [
      {
        engine: first.engineLabel,
        precision: first.cell.precision,
        precisionOwnName: ownNames.get(first.cellKey) ?? '',
        options: first.labels['options']?.en ?? '',
        embedded: first.engineLabel === embedded,
        batches: own
          .map((row) => ({
            batch: row.cell.batch,
            throughput: throughputOf(row),
            launches: row.launches,
            agreement: row.agreement,
          }))
          .sort((a, b) => a.batch - b.batch),
      },
    ];
  });
}

function contestsOf(
  rows: readonly Row[],
  summaries: ReadonlyMap<string, CellSummary>,
  embedded: string,
): OpenContest[] {
  const eligible = rows.filter(
    (row) => throughputOf(row).kind === 'value' && isEligible(row, 'any-precision'),
  );
  const batches = [...new Set(eligible.map(({ cell }) => cell.batch))].sort((a, b) => a - b);
  return batches.flatMap((batch) => {
    const here = eligible.filter(({ cell }) => cell.batch === batch).sort((a, b) => speed(b) - speed(a));
    const rival = here.find(({ engineLabel }) => engineLabel !== embedded);
    const own = here.filter(({ engineLabel }) => engineLabel === embedded);
    if (rival === undefined) return [];
    return own.flatMap((row): OpenContest[] => {
      const [a, b] = [summaries.get(rival.cellKey), summaries.get(row.cellKey)];
      if (a === undefined || b === undefined) return [];
      return [
        {
          batch,
          embedded: row.label,
          rival: rival.label,
          fastest: row === own[0],
          sides: designSides(a.explore, b.explore, throughput, true).sides,
        },
      ];
    });
  });
}

const throughputOf = ({ values }: Row): Maybe<Estimate> => values[throughput.id] ?? missing(NOT_MEASURED);

const speed = (row: Row): number => presentValue(throughputOf(row))?.mean ?? 0;
