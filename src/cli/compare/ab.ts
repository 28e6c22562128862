/** Measures two sides of a study in turn, and stops when they are told apart, found equal, or out of rounds or time. */

import { buildComparison } from '../../compare/build.ts';
import type { ComparisonReport } from '../../compare/model.ts';
import { matchCells } from '../../compare/pairs.ts';
import { parseSelection, type Selection } from '../../compare/selection.ts';
import type { Looks } from '../../compare/sequential.ts';
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import type { Host } from '../../host/host.ts';
import type { Source } from '../../journal/record-parts.ts';
import type { JournalRecord } from '../../journal/records.ts';
import { EXIT, HayasaError, type Problem, ProblemsError } from '../../kernel/errors.ts';
import { listedOnce } from '../../kernel/language.ts';
import type { Metric } from '../../metrics/metric.ts';
import { launchOfRun } from '../../metrics/summarise.ts';
import { joinBlocks } from '../../plan/join-blocks.ts';
import type { Plan } from '../../plan/plan.ts';
import type { ReportInput } from '../../report/input.ts';
import { priced } from '../../report/priced.ts';
import type { OnRunEvent } from '../../run/events.ts';
import { type PlannedStudy, planStudy } from '../../run/open-run.ts';
import type { RepeatsBy } from '../../run/repeats.ts';
import { type RunResult, runStudy } from '../../run/run-study.ts';
import { studyVocabulary } from '../../run/vocabulary.ts';
import { parseStudyOrThrow } from '../../study/parse.ts';
import { twoSidedStudy } from '../../study/two-sides.ts';
import { plannedInput, reportInput } from '../reports.ts';
import type { StudyText } from '../study-file.ts';

export interface AbRequest {
  readonly study: StudyText;
  readonly a: string;
  readonly b: string;
  readonly metric: Metric;
  readonly margin: number;
  readonly looks: Looks;
  readonly budget_ms: number | undefined;
  /** Longest wait for a quiet machine before each launch; undefined: none. */
  readonly quietGate_ms: number | undefined;
  readonly out: string | undefined;
  readonly hayasaVersion: string;
  readonly source: Source;
}

export interface AbResult {
  readonly run: RunResult;
  readonly report: ComparisonReport;
}

/**
 * Plans, runs and compares.
 * @throws ProblemsError for problems of `--a`, `--b` and of what they make of the study; HayasaError `ab/nothing`,
 * exit code 3, where no cell of A has a partner in B; what `runStudy` throws
 */
export async function runAb(
  host: Host,
  request: AbRequest,
  onEvent: OnRunEvent,
  signal: AbortSignal,
): Promise<AbResult> {
  const { metric, margin, looks, study, hayasaVersion, source } = request;
  const a = sideOf(request.a, '--a');
  const b = sideOf(request.b, '--b');
  const studyText = twoSidedStudy(study.studyText, parsed(study), a.wanted, b.wanted, {
    minimum: looks.first,
    maximum: looks.maximum,
  });
  const input = {
    studyText,
    studyName: `${study.studyName} with --a and --b`,
    declarations: ENGINE_DECLARATIONS,
    hayasaVersion,
  };
  const planned = await planStudy(host, input);
  const pairs = pairsOf(planned, a, b);
  const compare = (own: ReportInput): ComparisonReport =>
    buildComparison({
      a: { input: own, run: 'this run', selection: a },
      b: { input: own, run: 'this run', selection: b },
      metric,
      margin,
      looks,
    });
  const before = plannedInput(planned, []);
  const isEnough = (records: readonly JournalRecord[]): boolean =>
    isDecided(compare({ ...before, records }), records, looks);
  const by = repeatsBy(metric, before);
  const run = await runStudy(
    host,
    {
      ...input,
      source,
      out: request.out,
      budget_ms: request.budget_ms,
      quietGate_ms: request.quietGate_ms,
      arrange: (plan: Plan): Plan => joinBlocks(plan, pairs),
      isEnough,
      compared: { groups: pairs, by },
    },
    onEvent,
    signal,
  );
  const report = compare(reportInput(host, run.folder));
  const named = { run: run.folder.folder };
  return { run, report: { ...report, a: { ...report.a, ...named }, b: { ...report.b, ...named } } };
}

const parsed = ({ studyText, studyName }: StudyText): ReturnType<typeof parseStudyOrThrow> =>
  parseStudyOrThrow(studyText, studyVocabulary(ENGINE_DECLARATIONS), studyName);

function sideOf(text: string, option: string): Selection {
  const side = parseSelection(text, option);
  if (side.kind === 'problems') throw new ProblemsError('hayasa ab', side.problems);
  const cell: Problem = {
    path: `${option} cell`,
    message: { en: 'is no setting of a study', ja: 'スタディの設定ではありません' },
    allowed: {
      en: 'model, engine, version, an axis such as precision or batch, or an option of an engine',
      ja: 'model、engine、version、precision や batch などの軸、またはエンジンのオプション',
    },
  };
  if (side.selection.wanted.has('cell')) throw new ProblemsError('hayasa ab', [cell]);
  return side.selection;
}

function pairsOf(planned: PlannedStudy, a: Selection, b: Selection): (readonly [string, string])[] {
  const { cells, skipped } = plannedInput(planned, []);
  const matching = matchCells({ cells, selection: a }, { cells, selection: b }, true);
  if (matching.pairs.length > 0)
    return matching.pairs.map(({ a: one, b: other }) => [one.cellKey, other.cellKey]);
  const reasons = listedOnce([...matching.leftOut, ...skipped].map(({ reason }) => reason));
  throw new HayasaError({
    code: 'ab/nothing',
    message: {
      en: `no cell of A has a partner in B: ${reasons?.en ?? 'A or B has no cells'}`,
      ja: `B に相手のある A のセルがありません: ${reasons?.ja ?? 'A か B にセルがありません'}`,
    },
    hint: {
      en: 'hayasa plan STUDY lists the cells; --a and --b must name the same things with different values',
      ja: 'hayasa plan STUDY がセルを一覧します。--a と --b は同じものを違う値で指定してください',
    },
    exitCode: EXIT.refusedByPlan,
  });
}

/** By which values the repeats of later launches are chosen: those of the metric that decides. */
function repeatsBy(metric: Metric, input: ReportInput): RepeatsBy {
  if (metric.level === 'launch') return { kind: metric.poolsRepeats ? 'study' : 'fewest' };
  const cells = new Map(input.cells.map((cell) => [cell.cellKey, priced(cell, input)]));
  return {
    kind: 'values',
    valuesOf: (state) => (launch, cell) => {
      const own = cells.get(cell.cellKey);
      const found = own === undefined ? undefined : launchOfRun(own, { launch, cell }, state, [metric]);
      return found?.values.get(metric.id)?.present ?? [];
    },
  };
}

/**
 * Whether no comparison can gain from another round: decided; a side failed and has nothing from the last round; or the
 * metric has no value here (a percentile of too few steps, energy without a meter), however long both sides are measured.
 */
function isDecided({ rows }: ComparisonReport, records: readonly JournalRecord[], { first }: Looks): boolean {
  const count = (kind: 'failure' | 'cell-measured', cellKey: string): number =>
    records.filter((record) => record.kind === kind && record.cellKey === cellKey).length;
  return rows.every(({ outcome, cellKeyA, cellKeyB, design }) => {
    if (outcome !== 'undecided') return true;
    const blocks = design.kind === 'paired' ? design.blocks : 0;
    const failed = Math.max(count('failure', cellKeyA), count('failure', cellKeyB));
    const measured = Math.min(count('cell-measured', cellKeyA), count('cell-measured', cellKeyB));
    return failed >= 2 || (failed === 1 && blocks < first) || (blocks === 0 && measured >= first);
  });
}
