/** What was not measured, grouped by why: failures with the end of stderr, dropped cells, skipped cells. */
import type { JournalState } from '../journal/state.ts';
import { asWords, type Words } from '../kernel/language.ts';
import type { Failure } from '../protocol/failure.ts';
import type { FailureGroup, NamedReason } from './model.ts';

/** Failures by cause and message; `nameOf` gives the label of a cell key. The last stderr tail of a group is kept. */
export function failureGroups(state: JournalState, nameOf: (cellKey: string) => string): FailureGroup[] {
  const groups = new Map<string, { failure: Failure; cells: Set<string>; count: number }>();
  const add = (failure: Failure, names: readonly string[]): void => {
    const key = JSON.stringify([failure.cause, asWords(failure.message).en]);
    const group = groups.get(key) ?? { failure, cells: new Set<string>(), count: 0 };
    groups.set(key, group);
    if (failure.stderrTail !== undefined) group.failure = failure;
    for (const name of names) group.cells.add(name);
    group.count += 1;
  };
  for (const launch of state.launches) {
    for (const failure of launch.failures) add(failure, launch.started.cellKeys.map(nameOf));
    for (const cell of launch.cells.values())
      for (const failure of cell.failures) add(failure, [nameOf(cell.cellKey)]);
  }
  for (const failure of state.otherFailures) add(failure, ['reference of the correctness gate']);
  return [...groups.values()].map(({ failure, cells, count }) => ({
    cause: failure.cause,
    message: asWords(failure.message),
    hint: failure.hint === undefined ? undefined : asWords(failure.hint),
    stderrTail: failure.stderrTail,
    cells: [...cells],
    count,
  }));
}

/** Names by reason, in the order in which reasons first appear; each name once. */
export function groupReasons(
  items: readonly { readonly name: string; readonly reason: Words }[],
): NamedReason[] {
  const groups = new Map<string, { readonly reason: Words; readonly cells: Set<string> }>();
  for (const { name, reason } of items) {
    const group = groups.get(reason.en) ?? { reason, cells: new Set<string>() };
    groups.set(reason.en, group);
    group.cells.add(name);
  }
  return [...groups.values()].map(({ reason, cells }) => ({ reason, cells: [...cells] }));
}
