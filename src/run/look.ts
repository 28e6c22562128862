/** Looking at a run while it goes on: which cells have enough launches, by the journal of the rounds so far. */
import type { Host } from '../host/host.ts';
import type { JournalState } from '../journal/state.ts';
import { precisionKind } from '../models/precision.ts';
import type { PlannedCell } from '../plan/plan.ts';
import { type CellSoFar, haveEnough } from '../schedule/enough.ts';
import type { UntilPolicy } from '../study/study.ts';
import { contest } from './finalists.ts';
import { differentCells } from './leaders.ts';
import type { OpenRun } from './open-run.ts';
import type { RoundsContext } from './rounds.ts';
import { launchesBefore } from './so-far.ts';
import { stateSoFar } from './state-so-far.ts';

/** Ratios within 2 % of 1 count as equal, as in the report's answer. */
const MARGIN = 0.02;

/**
 * The look of `runRounds`. It reads rounds before the one it is asked about, and nothing else: a run that was stopped
 * and goes on decides what an uninterrupted one decides. What it finds is journalled once.
 */
export function looker(host: Host, run: OpenRun, until: UntilPolicy): NonNullable<RoundsContext['look']> {
  const { minimum, maximum } = run.study.rounds;
  const rule = { first: minimum, maximum, margin: MARGIN, ...until };
  return (round, open) => {
    const state = stateSoFar(host, run);
    const journalled = new Set(state.settled.map(({ cellKey }) => cellKey));
    const found = haveEnough(cellsSoFar(run, state, round), open, rule);
    for (const { cellKey, launches, why } of found) {
      if (journalled.has(cellKey)) continue;
      run.journal.append({
        kind: 'cell-settled',
        cellKey,
        launches,
        why: why.kind,
        ...('than' in why ? { than: why.than } : {}),
      });
    }
    return found.map(({ cellKey }) => cellKey);
  };
}

function cellsSoFar({ plan }: OpenRun, state: JournalState, round: number): CellSoFar[] {
  const before = launchesBefore(state, round);
  const different = differentCells(state);
  return plan.cells.flatMap((planned) => {
    const launches = before.get(planned.cellKey) ?? [];
    return launches.length === 0
      ? []
      : [{ cellKey: planned.cellKey, contests: contestsOf(planned, different), launches }];
  });
}

/** The classes of the report's answer: equal to fp32, and any precision. Outputs that differ compete nowhere. */
function contestsOf(planned: PlannedCell, different: ReadonlySet<string>): string[] {
  if (different.has(planned.cellKey)) return [];
  const name = contest(planned);
  const { lossless } = precisionKind(planned.cell.precision);
  return [`any precision, ${name}`, ...(lossless ? [`equal to fp32, ${name}`] : [])];
}
