/**
 * Confirmation: the finalists alone, in fresh blocks that had no part in choosing them, shuffled in each. Its samples
 * are kept apart by the phase `confirm`.
 */
import type { Host } from '../host/host.ts';
import { attempts, countedLaunches, countedRepeats, finishedCells } from '../journal/progress.ts';
import { readPackedJournal } from '../journal/read.ts';
import { type JournalState, journalState, type Place } from '../journal/state.ts';
import { fits } from '../schedule/budget.ts';
import { roundOrder } from '../schedule/order.ts';
import { finalists } from './finalists.ts';
import type { OpenRun } from './open-run.ts';
import type { RoundsContext, RoundsOutcome } from './rounds.ts';
import { journalThroughput } from './throughput-of.ts';

export async function confirmWinners(
  host: Host,
  run: OpenRun,
  context: RoundsContext,
): Promise<RoundsOutcome> {
  const { plan, study } = run;
  run.journal.sync();
  const state = journalState(readPackedJournal(host.files, run.folder.journal).records);
  const chosen = finalists(plan.cells, exploreMeans(state), differentCells(state));
  const wanted = plan.launches.filter((launch) => launch.cells.some(({ cellKey }) => chosen.has(cellKey)));
  const blocks = [{ block: 0, launches: wanted.map((launch) => launch.key) }];
  for (let round = 0; round < study.rounds.confirm; round += 1) {
    for (const key of roundOrder(blocks, study.seed, 1_000_000 + round)[0]?.launches ?? []) {
      const launch = wanted.find((candidate) => candidate.key === key);
      if (launch === undefined) continue;
      const place: Place = { phase: 'confirm', round, block: 0, position: plan.launches.indexOf(launch) };
      const finished = finishedCells(state, place);
      const cells = launch.cells
        .map(({ cellKey }) => cellKey)
        .filter((cellKey) => chosen.has(cellKey) && !finished.has(cellKey) && !context.isGivenUp(cellKey));
      if (cells.length === 0) continue;
      if (context.interrupted()) return 'interrupted';
      const cost = context.costs.cost(launch, (cellKey) => cells.includes(cellKey));
      if (!fits(cost, context.remaining_ms(round))) return 'budget';
      await context.prepare?.(launch, new Set());
      const result = await context.run(launch, cells, place, attempts(state, place));
      context.costs.learn(launch.key, result);
      if (result.outcome === 'interrupted') return context.interrupted() ? 'interrupted' : 'budget';
    }
  }
  return 'complete';
}

/** Cells that failed the correctness gate at least once. */
export const differentCells = (state: JournalState): ReadonlySet<string> =>
  new Set(
    state.agreements
      .filter(({ method, score }) => method === 'equal-tokens' && score.equalPositions < score.positions)
      .map(({ cellKey }) => cellKey),
  );

/** Mean over launches of the mean over repeats, tokens/s, of the exploring rounds. */
function exploreMeans(state: JournalState): ReadonlyMap<string, number> {
  const means = new Map<string, number>();
  for (const [cellKey, launches] of countedLaunches(state)) {
    const values = launches
      .filter(({ launch }) => launch.place.phase === 'explore')
      .map(({ cell }) =>
        mean([...countedRepeats(cell)].flatMap(({ sample }) => journalThroughput(sample) ?? [])),
      )
      .filter((value) => value !== undefined);
    const value = mean(values);
    if (value !== undefined) means.set(cellKey, value);
  }
  return means;
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
