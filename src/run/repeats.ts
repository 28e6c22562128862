/** How many repeats each cell takes in a round of an adaptive run, by the journal of the rounds before. */
import type { Host } from '../host/host.ts';
import type { JournalState } from '../journal/state.ts';
import { assertNever } from '../kernel/errors.ts';
import { repeatsAtMost } from '../schedule/repeats.ts';
import { contest } from './finalists.ts';
import { differentCells } from './leaders.ts';
import type { OpenRun } from './open-run.ts';
import { type LaunchOfRound, launchesBefore, type ValuesOf } from './so-far.ts';
import { stateSoFar } from './state-so-far.ts';

/** Cell keys that are compared block by block; a cell in no group, or alone in one, stands for itself. */
export type Groups = readonly (readonly string[])[];

/** What a run compares, and by which values the repeats of its later launches are chosen. */
export interface Compared {
  readonly groups: Groups;
  readonly by: RepeatsBy;
}

export type RepeatsBy =
  /** The metric has a value for each repeat: how much these differ says how many are worth their time. */
  | { readonly kind: 'values'; readonly valuesOf: (state: JournalState) => ValuesOf }
  /** The metric has one value for a launch, whatever the repeats: the study's minimum of them. */
  | { readonly kind: 'fewest' }
  /** The metric is made from all repeats of a launch together: as many as the study says. */
  | { readonly kind: 'study' };

/** Repeats at most of a round's launches, by cell key. */
export type RepeatsOfRound = (round: number) => ReadonlyMap<string, number>;

/**
 * Reads rounds before the one it is asked about, and nothing else: a run that was stopped and goes on chooses as an
 * uninterrupted one does. A cell of several groups gets the largest of their numbers.
 */
export function repeatsChooser(
  host: Host,
  run: OpenRun,
  groupsOf: (state: JournalState) => Groups,
  valuesOf?: (state: JournalState) => ValuesOf,
): RepeatsOfRound {
  let known: { readonly round: number; readonly repeats: ReadonlyMap<string, number> } | undefined;
  return (round) => {
    if (known?.round === round) return known.repeats;
    const state = stateSoFar(host, run);
    const before = launchesBefore(state, round, valuesOf?.(state));
    const repeats = chooseRepeats(run, groupsOf(state), before);
    known = { round, repeats };
    return repeats;
  };
}

/** The repeats of a run that compares `compared`; undefined where the study's own rule holds. */
export function comparedRepeats(
  host: Host,
  run: OpenRun,
  { groups, by }: Compared,
): RepeatsOfRound | undefined {
  switch (by.kind) {
    case 'values':
      return repeatsChooser(host, run, () => groups, by.valuesOf);
    case 'fewest': {
      const fewest = new Map(run.plan.cells.map(({ cellKey }) => [cellKey, run.study.repeats.minimum]));
      return () => fewest;
    }
    case 'study':
      return undefined;
    default:
      return assertNever(by, 'choice of repeats');
  }
}

function chooseRepeats(
  { plan, study }: OpenRun,
  groups: Groups,
  before: ReadonlyMap<string, readonly LaunchOfRound[]>,
): ReadonlyMap<string, number> {
  const grouped = new Set(groups.flat());
  const alone = plan.cells.map(({ cellKey }) => cellKey).filter((cellKey) => !grouped.has(cellKey));
  const chosen = new Map<string, number>();
  for (const group of [...groups, ...alone.map((cellKey) => [cellKey])]) {
    const known = group.map((cellKey) => before.get(cellKey) ?? []);
    const last = Math.max(...known.flat().map((launch) => launch.round));
    // What has had enough, or failed, is compared with no further launch.
    const cells = known.filter((launches) => launches.some((launch) => launch.round === last));
    const repeats = repeatsAtMost(cells, study.repeats);
    for (const cellKey of group) chosen.set(cellKey, Math.max(repeats, chosen.get(cellKey) ?? 0));
  }
  return chosen;
}

/** The contests of `rounds.until` with `decided`: cells that differ in engine, options and precision alone. */
export function contestGroups({ plan }: OpenRun, state: JournalState): Groups {
  const different = differentCells(state);
  const groups = new Map<string, string[]>();
  for (const planned of plan.cells.filter(({ cellKey }) => !different.has(cellKey))) {
    const name = contest(planned);
    groups.set(name, [...(groups.get(name) ?? []), planned.cellKey]);
  }
  return [...groups.values()];
}
