/** Who leads by the journal: the finalists of what the ordinary rounds have measured so far. */
import { nearTies } from '../journal/equal-outputs.ts';
import { countedLaunches, countedRepeats } from '../journal/progress.ts';
import type { JournalState } from '../journal/state.ts';
import type { Plan } from '../plan/plan.ts';
import { finalists } from './finalists.ts';
import { journalThroughput } from './throughput-of.ts';

/** Cell keys of the finalists; none where nothing was measured. */
export const leaders = ({ cells }: Plan, state: JournalState): ReadonlySet<string> =>
  finalists(cells, exploreMeans(state), differentCells(state));

/** Cells that failed the correctness gate at least once. */
export const differentCells = (state: JournalState): ReadonlySet<string> =>
  new Set(
    state.agreements
      .filter((record) => record.method === 'equal-tokens' && nearTies(record) === undefined)
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
