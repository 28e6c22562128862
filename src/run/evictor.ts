/**
 * Removes converted copies of models that do not keep theirs, between launches, and journals what it removed. It knows a
 * copy by what a load said that it used, in this invocation or an earlier one; anything else in the cache is not touched.
 */
import { join } from 'node:path';
import type { Files } from '../host/host.ts';
import type { JournalRecord } from '../journal/records.ts';
import type { JournalState } from '../journal/state.ts';
import { copyKey } from '../plan/copies.ts';
import { launchesByCell, type Plan, type PlannedLaunch } from '../plan/plan.ts';

export interface Evictor {
  /** A launch was loaded from these entries of the cache. */
  used(launch: PlannedLaunch, entries: readonly string[]): void;
  /** Removes the copies of `model` that none of `needed` (copy keys) is. */
  remove(model: string, needed: ReadonlySet<string>): void;
}

/** `<engine>/<content hash>`: nothing that leaves the cache, and no checkpoint (`SYNTHETIC_FOLDER`). */
const ENTRY = /^(?!models\/)[\w-][\w.-]*\/[\w-][\w.@-]*$/;

/** @param cacheFolder what entries are relative to */
export function evictor(
  files: Pick<Files, 'kind' | 'remove'>,
  cacheFolder: string,
  record: (record: JournalRecord) => void,
): Evictor {
  const copies = new Map<string, { readonly model: string; readonly entries: Set<string> }>();
  return {
    used: ({ identity }, entries) => {
      const key = copyKey(identity);
      const known = copies.get(key) ?? { model: identity.model, entries: new Set<string>() };
      copies.set(key, known);
      for (const entry of entries) if (ENTRY.test(entry)) known.entries.add(entry);
    },
    remove: (model, needed) => {
      const kept = new Set([...copies].flatMap(([key, copy]) => (needed.has(key) ? [...copy.entries] : [])));
      const removed: string[] = [];
      for (const [key, copy] of copies) {
        if (copy.model !== model || needed.has(key)) continue;
        for (const entry of copy.entries) {
          const path = join(cacheFolder, entry);
          if (kept.has(entry) || files.kind(path) === undefined) continue;
          files.remove(path);
          removed.push(entry);
        }
      }
      if (removed.length > 0) record({ kind: 'copies-removed', entries: removed });
    },
  };
}

/** Tells it what the launches of earlier invocations were loaded from. */
export function evictFromJournal({ used }: Evictor, plan: Plan, before: JournalState): void {
  const launchOf = launchesByCell(plan);
  for (const { place, started, loaded } of before.launches) {
    const launch = launchOf.get(started.cellKeys[0] ?? '');
    if (place.phase === 'explore' && launch !== undefined) used(launch, loaded?.cacheEntries ?? []);
  }
}
