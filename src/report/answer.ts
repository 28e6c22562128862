/**
 * The answer: in each setting and batch size the fastest cell by throughput, among outputs equal to fp32 and at any
 * precision. The rounds choose; the figure comes from fresh blocks that had no part in choosing, because the fastest of
 * many is partly the luckiest of many.
 */

import { otherWork } from '../engines/other-work.ts';
import type { Words } from '../kernel/language.ts';
import { missing, NOT_MEASURED } from '../kernel/maybe.ts';
import { type CellSummary, ratioOf } from '../metrics/summarise.ts';
import { precisionKind } from '../models/precision.ts';
import type { Estimate } from '../stats/estimate.ts';
import { comparisonOutcome } from '../stats/outcome.ts';
import { isDifferent } from './agreement.ts';
import type { WinnerClass } from './choice-model.ts';
import { settingText } from './labels.ts';
import type { Confirmation, Row, RunnerUp, SettingAnswer, Winner } from './model.ts';

/** Ratios within 2 % of 1 count as equal. */
export const EQUIVALENCE_MARGIN = 0.02;

export interface AnswerContext {
  readonly rows: readonly Row[];
  readonly summaries: ReadonlyMap<string, CellSummary>;
  /** Why a winner may be without fresh blocks. */
  readonly unconfirmedReason: Words;
}

/** Winners of every setting, settings in the order of their first row. */
export function settingAnswers(context: AnswerContext): SettingAnswer[] {
  const settings = new Map<string, Row[]>();
  for (const row of context.rows)
    settings.set(row.settingKey, [...(settings.get(row.settingKey) ?? []), row]);
  return [...settings].flatMap(([key, rows]) => {
    const [first] = rows;
    if (first === undefined) return [];
    const batches = [...new Set(rows.map(({ cell }) => cell.batch))].sort((a, b) => a - b);
    const winners = batches.flatMap((batch) => {
      const competing = rows.filter(({ cell }) => cell.batch === batch);
      return [
        ...winnerOf('equal-to-fp32', competing, context),
        ...winnerOf('any-precision', competing, context),
      ];
    });
    return [{ setting: settingText(first.cell), settingKey: key, winners }];
  });
}

function winnerOf(among: WinnerClass, competing: readonly Row[], context: AnswerContext): Winner[] {
  const ranked = competing
    .filter((row) => isEligible(row, among))
    .flatMap((row) => {
      const throughput = row.values['throughput'];
      return throughput?.kind === 'value' ? [{ row, throughput: throughput.value }] : [];
    })
    .sort((a, b) => b.throughput.mean - a.throughput.mean);
  const [best, second] = ranked;
  if (best === undefined) return [];
  const fresh = best.row.confirmed?.['throughput'];
  const isFresh = fresh?.kind === 'value';
  const runnerUp = second === undefined ? undefined : compared(best.row, second.row, isFresh, context);
  return [
    {
      among,
      batch: best.row.cell.batch,
      cellKey: best.row.cellKey,
      label: best.row.label,
      throughput: isFresh ? fresh.value : best.throughput,
      agreement: best.row.agreement,
      runnerUp,
      confirmation: confirmation(isFresh ? fresh.value : undefined, runnerUp, context),
    },
  ];
}

/** Outputs that were found different from fp32's compete nowhere, and no controls: their numbers are not of this model. */
export function isEligible(row: Row, among: WinnerClass): boolean {
  if (isDifferent(row.agreement) || otherWork(row.cell) !== undefined) return false;
  return among === 'any-precision' || precisionKind(row.cell.precision).lossless;
}

function compared(best: Row, second: Row, isFresh: boolean, { summaries }: AnswerContext): RunnerUp {
  const a = summaries.get(best.cellKey);
  const b = summaries.get(second.cellKey);
  const label = { cellKey: second.cellKey, label: second.label };
  if (a === undefined || b === undefined) {
    return { ...label, ratio: missing(NOT_MEASURED), outcome: 'undecided' };
  }
  const fresh = ratioOf(a.confirm, b.confirm, 'throughput');
  const ratio = isFresh && fresh.kind === 'value' ? fresh : ratioOf(a.explore, b.explore, 'throughput');
  return {
    ...label,
    ratio,
    outcome: ratio.kind === 'value' ? comparisonOutcome(ratio.value, EQUIVALENCE_MARGIN) : 'undecided',
  };
}

function confirmation(
  fresh: Estimate | undefined,
  runnerUp: RunnerUp | undefined,
  { unconfirmedReason }: AnswerContext,
): Confirmation {
  if (fresh === undefined) return { kind: 'not-confirmed', reason: unconfirmedReason };
  return runnerUp?.outcome === 'slower'
    ? { kind: 'overturned', blocks: fresh.launches }
    : { kind: 'confirmed', blocks: fresh.launches };
}
